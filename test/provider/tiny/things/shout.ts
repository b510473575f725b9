import { FunctionArgumentError, type FunctionDefinition } from '../../../../provider/framework';

/** A function of one text, and of any number of further ones. */
export const shout: FunctionDefinition = {
  name: 'shout',
  summary: 'Makes text loud.',
  description: 'Puts texts into capitals, one after the other.',
  parameters: [{ name: 'text', type: 'string', description: 'What to shout.' }],
  variadic: { name: 'more', type: 'string', description: 'What else.', nullable: true },
  returns: { object: { loud: 'string', length: 'number' } },

  call(...texts) {
    if (texts[0] === '') throw new FunctionArgumentError(0, 'There is nothing to shout.');
    const loud = texts.map((text) => String(text ?? '…').toUpperCase()).join(' ');
    return { loud, length: loud.length };
  },
};
