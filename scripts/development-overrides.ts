/**
 * A CLI configuration of Terraform by which it takes providers from folders as they are: nothing is installed, and `init` is not needed.
 *
 * @param folders by the source of the provider
 */
export function developmentOverrides(folders: Readonly<Record<string, string>>): string {
  const lines = Object.entries(folders).map(([source, folder]) => `    "${source}" = ${JSON.stringify(folder)}\n`);
  return `provider_installation {\n  dev_overrides {\n${lines.join('')}  }\n}\n`;
}
