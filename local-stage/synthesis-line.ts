/** The line by which the synthesis tells that the apps can be deployed, while it goes on with what must be refused. */
export const SYNTHESISED = 'synthesised';
