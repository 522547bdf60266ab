import type { Credential } from '../doors/door.ts'
import { identityErrors } from '../modules/identity/index.ts'
import { isSameOrigin } from './guard.ts'
import { httpErrors } from './http.errors.ts'
import type { SignIn } from './sign-in.ts'

const TOWN = /^[0-9a-z-]{1,60}$/i
const SAFE_METHODS = new Set(['GET', 'HEAD'])

/**
 * Who the request says it is from: the key in `Authorization: Bearer` or `x-api-key`, else the person of the session
 * cookie. `robbieverse-town` names the town. Throws UNAUTHENTICATED without either, ORIGIN_NOT_ALLOWED for a change
 * that a cookie alone stands for and that no page of ours sent.
 */
export async function getCredential(
  request: Request,
  options: { signIn: SignIn | null; baseUrl: string },
): Promise<Credential> {
  const town = readTown(request)
  const key = readKey(request)
  if (key !== null) return { kind: 'key', key, town }
  const userId = (await options.signIn?.sessionUser(request.headers)) ?? null
  if (userId === null) throw identityErrors.UNAUTHENTICATED()
  if (!SAFE_METHODS.has(request.method) && !isSameOrigin(request, options.baseUrl)) {
    throw httpErrors.ORIGIN_NOT_ALLOWED()
  }
  return { kind: 'person', userId, town }
}

/** The API key of the request, null when it shows none. Throws UNAUTHENTICATED for another kind of authorization. */
export function readKey(request: Request): string | null {
  const authorization = request.headers.get('authorization')
  if (authorization === null) return request.headers.get('x-api-key')
  const [, key] = /^Bearer +(\S+)$/i.exec(authorization.trim()) ?? []
  if (!key) throw identityErrors.UNAUTHENTICATED()
  return key
}

function readTown(request: Request): string | null {
  const town = request.headers.get('robbieverse-town')
  if (town !== null && !TOWN.test(town)) {
    throw httpErrors.INVALID_HEADER({
      message: 'The header robbieverse-town is the slug or the id of a town.',
      data: { header: 'robbieverse-town' },
    })
  }
  return town
}
