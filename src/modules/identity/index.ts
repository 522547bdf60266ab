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
export {
  asEachMember,
  authenticate,
  authorize,
  authorizePersonality,
  authorizePrivacy,
  hashKey,
  makeKey,
} from './sign-in.service.ts'
