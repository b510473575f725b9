import { Lazy, Token } from 'cdktf';

/**
 * Text that Terraform reads back as it was written. cdktf puts strings into
 * its JSON unchanged, where `${` and `%{` begin a template; doubling their
 * first character ends that, whatever stands before it. Tokens stay as they
 * are.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
 */
export function literal(text: string): string {
  // `iterator.value` is a token, and not a text of one.
  if (typeof text !== 'string') return Token.asString(text);
  return Token.isUnresolved(text) ? besideTokens(text) : escaped(text, '$${');
}

function escaped(text: string, dollarBrace: string): string {
  return text.replace(/\$\{(?!TfToken\[)/g, () => dollarBrace).replace(/%\{/g, '%%{');
}

/**
 * Two things are different beside a token: `$` right before it would pair up
 * with the token's own `$`, so it becomes an expression; and cdktf takes any
 * `${` to be the begin of one, in which tokens lose their braces, so that text
 * has to be a token, too.
 */
function besideTokens(text: string): string {
  const hidden = (value: string) => Lazy.stringValue({ produce: () => value });
  const dollars = text.replace(/\$+(?=\$\{TfToken\[)/g, (run) => hidden(`\${"${run}"}`));
  return escaped(dollars, hidden('$${'));
}

/** Keys and values: Terraform's JSON reads templates in both. */
export function literals(map: { [key: string]: string } | undefined): { [key: string]: string } | undefined {
  // What Terraform alone knows has no keys here.
  if (map === undefined || Token.isUnresolved(map)) return map;
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [literal(key), literal(value)]));
}
