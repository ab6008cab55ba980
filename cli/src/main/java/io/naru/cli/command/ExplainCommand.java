package io.naru.cli.command;

import io.naru.cli.output.Format;
import io.naru.cli.output.Listing;
import io.naru.cli.output.Table;
import io.naru.core.diagnosis.Explanation;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru explain CODE}. */
@Command(
    name = "explain",
    description = "What a code of the doctor means: cause, evidence, cure. Without a code: all.")
final class ExplainCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin OutputOption output;

  @Parameters(paramLabel = "CODE", arity = "0..1", description = "like NARU-MTU-HOLE, or mtu-hole")
  @Nullable String code;

  @Override
  public void run() {
    String wanted = code;
    List<Explanation> found =
        wanted == null
            ? Explanation.all()
            : List.of(
                Explanation.find(wanted)
                    .orElseThrow(
                        () ->
                            new NaruException(
                                ErrorCode.NOT_FOUND,
                                "there is no code '"
                                    + wanted
                                    + "'; naru explain without one lists them")));
    boolean one = wanted != null && (output.format == Format.TABLE || output.format == Format.WIDE);
    Listing.print(
        spec.commandLine().getOut(), output.format, found, wide -> one ? one(found) : all(found));
  }

  private static Table all(List<Explanation> explanations) {
    Table table = new Table("CODE", "CAUSE");
    explanations.forEach(each -> table.row(each.code(), each.cause()));
    return table;
  }

  private static Table one(List<Explanation> explanations) {
    Explanation only = explanations.getFirst();
    Table table = new Table(only.code(), "");
    table.row("cause", only.cause());
    table.row("evidence", only.evidence());
    table.row("cure", only.cure());
    table.row("example", only.example());
    return table;
  }
}
