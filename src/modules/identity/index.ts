export { identityErrors } from './identity.errors.ts'
export {
  findOwner,
  insertKey,
  insertOwner,
  insertTown,
  isLiveKey,
  listTownAdmins,
} from './identity.queries.ts'
export { identityModule } from './module.ts'
export { authenticate, authorize, authorizePersonality, hashKey, makeKey } from './sign-in.service.ts'
