import { Aspects, type IResolvable, Lazy, ref, type TerraformResource, TerraformStack } from 'cdktf';
import { makeUniqueId } from 'cdktf/lib/private/unique';
import { Construct, type IConstruct } from 'constructs';
import type { IKsmResource } from '../resource';
import { validImportId } from './import-id';
import { literal } from './literal';
import { pathBefore, refusePresentPath } from './moved';
import { didYouMean, sentences, show } from './validate';

/** Those that say themselves where they were. */
const moved = new WeakSet<IConstruct>();

/**
 * What every construct shares that is one resource of Terraform.
 *
 * @internal
 */
export abstract class KsmResource extends Construct implements IKsmResource {
  private readonly texts = new Map<string, string>();

  /** @internal */
  protected abstract readonly _resource: TerraformResource;

  /** Address in Terraform, for `dependsOn` of others. */
  public get fqn(): string {
    return this._resource.fqn;
  }

  /**
   * Takes over what exists already, instead of making it (an `import` block).
   *
   * @param id id of the resource, as its guide says: `name=<name>` or the UID for an application, `<application UID>/<client id>` for a device
   */
  public importFrom(id: string): void {
    const { terraformResourceType, provider } = this._resource;
    const wrong = validImportId(terraformResourceType, id);
    if (wrong) throw new Error(`${this.node.path}: ${wrong}`);
    this._resource.importFrom(literal(id), provider);
  }

  /**
   * Keeps what stands in the state under the address of before, when the
   * construct has moved or has another id (`moved` blocks). Without it Terraform
   * makes it anew, with a new token. What stands below it is moved with it.
   *
   * An error is a path that begins with the stack, as `node.path` does, one with
   * `/` at an end, the construct's present one, and an address of Terraform.
   *
   * @param path where the construct was: ids from below the stack on, joined by `/`, such as `team/payments`
   */
  public movedFrom(path: string): void {
    const before = pathBefore(this, path);
    moved.add(this);
    // At synth, since what stands below may be declared later.
    Aspects.of(this).add({
      visit: (construct) => {
        if (construct === this) refusePresentPath(this, this._resource, before);
        moveResource(construct as TerraformResource, this, before);
      },
    });
  }

  /**
   * One attribute of every resource that `forEach` (or `count`) makes: a map by
   * key (or a list). Sensitive ones stay so.
   *
   * An error is a name that the resource does not have; what is made of others,
   * such as `configJson`, is no attribute.
   *
   * @param attribute name of the attribute, such as `oneTimeToken` or `hostname`
   */
  public all(attribute: string): IResolvable {
    const names = attributesOf(this._resource);
    const known = names.find((one) => one === attribute || snakeCase(one) === attribute);
    if (known === undefined) {
      throw new Error(
        sentences(
          `${this.node.path}: all(${show(attribute)}): it has no such attribute.`,
          typeof attribute === 'string' ? didYouMean(attribute, names) : undefined,
          `Expected one of ${names.join(', ')}.`,
        ),
      );
    }
    const name = snakeCase(known);
    return Lazy.anyValue({ produce: () => this.allNow(name) });
  }

  private allNow(attribute: string): IResolvable {
    const { terraformResourceType, friendlyUniqueId, forEach, count } = this._resource;
    const address = `${terraformResourceType}.${friendlyUniqueId}`;
    const stack = TerraformStack.of(this);
    if (forEach) return ref(`{ for k, r in ${address} : k => r.${attribute} }`, stack);
    if (count !== undefined) return ref(`${address}[*].${attribute}`, stack);
    throw new Error(`${this.node.path}: all("${attribute}") is for forEach. Of one resource read the property itself.`);
  }

  /**
   * An attribute as a text. Kept: cdktf captures a stack trace at each reading,
   * and two readings would be two tokens.
   *
   * @internal
   */
  protected _text(attribute: string, property: string): string {
    if (this._isMany()) {
      throw new Error(
        `${this.node.path}: ${property} is read, and forEach makes many of it. Expected all("${property}"), a map by key.`,
      );
    }
    const known = this.texts.get(attribute);
    if (known !== undefined) return known;
    const text = this._resource.getStringAttribute(attribute);
    this.texts.set(attribute, text);
    return text;
  }

  /** @internal */
  protected _isMany(): boolean {
    return this._resource.forEach !== undefined || this._resource.count !== undefined;
  }
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What the generated class reads of the resource; a second getter of each that can be given ends with `Input`. */
function attributesOf(resource: TerraformResource): string[] {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(resource)))
    .filter(([, { get }]) => get !== undefined)
    .map(([name]) => name);
  return getters.filter((name) => !(name.endsWith('Input') && getters.includes(name.slice(0, -'Input'.length))));
}

function moveResource(resource: TerraformResource, root: Construct, before: readonly string[]): void {
  if (typeof resource.moveFromId !== 'function' || resource.hasResourceMove()) return;
  const below = resource.node.scopes.slice(root.node.scopes.length);
  if (below.some((scope) => moved.has(scope))) return;
  const from = makeUniqueId([...before, ...below.map(({ node }) => node.id)]);
  if (from !== resource.friendlyUniqueId) resource.moveFromId(`${resource.terraformResourceType}.${from}`);
}
