export { defineResource, operationsOf } from './define-resource.ts'
export { resourceErrors } from './resource.errors.ts'
export { changeRow, createRow, getRow, removeRow } from './resource.service.ts'
export { toFieldName, type Resource, type RowChange, type RowOf } from './resource.ts'
