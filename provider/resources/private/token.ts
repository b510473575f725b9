/** What is wrong with an API token, or undefined. Never quotes it. */
export function problemOfToken(token: string): string | undefined {
  if (token.trim() !== token)
    return 'It begins or ends with white space or a line break; trimspace(file(…)) takes it off.';
  return /^[\x21-\x7e]+$/.test(token) ? undefined : 'It is empty, or has characters that no API token has.';
}
