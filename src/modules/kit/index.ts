export { defineResource, operationsOf } from './define-resource.ts'
export { outputOf } from './resource-fields.ts'
export { resourceErrors } from './resource.errors.ts'
export { listPage, toOutput } from './resource.operations.ts'
export { listRowsById } from './resource.queries.ts'
export {
  changeRow,
  createRow,
  getLockedRow,
  getRow,
  removeRow,
  removeRows,
  scopeOf,
} from './resource.service.ts'
export { toFieldName, type AnyRow, type Resource, type RowChange, type RowOf } from './resource.ts'
