import { refusal } from '../../framework/diagnostic';
import { MoveResourceState_Request, MoveResourceState_Response } from '../generated/tfplugin6';
import { refusableMethod } from '../method';

/** `moved` from another type or provider: no resource takes over another's state. */
export const moveResourceState = () =>
  refusableMethod(MoveResourceState_Request, MoveResourceState_Response, ({ sourceTypeName, targetTypeName }) => {
    throw refusal(
      'Cannot move between resource types',
      `A "${sourceTypeName}" cannot become a "${targetTypeName}". Remove the "moved" block; import what exists, and take the old resource out of the state with a "removed" block.`,
    );
  });
