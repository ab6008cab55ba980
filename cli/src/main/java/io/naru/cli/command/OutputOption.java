package io.naru.cli.command;

import io.naru.cli.output.Format;
import picocli.CommandLine.Option;

/** {@code -o table|wide|json|yaml}. */
final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Format format = Format.TABLE;
}
