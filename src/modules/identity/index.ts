export { identityErrors } from './identity.errors.ts'
export {
  findOwner,
  insertKey,
  insertOwner,
  insertTown,
  isLiveKey,
  listTownAdmins,
  setCapital,
} from './identity.queries.ts'
export { earliest, keyOutput, storeKey, storeKeyAs } from './key.service.ts'
export { identityModule } from './module.ts'
export {
  authenticate,
  authenticateWith,
  authorize,
  authorizeAllPersonalities,
  authorizeOwn,
  authorizePersonality,
  authorizePrivacy,
  authorizeUnlimited,
  hashKey,
  inTown,
  makeKey,
  returning,
} from './sign-in.service.ts'
