package io.naru.cli.command;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.topology.FirewallPolicy;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** {@code naru}: the root of all commands, and how failures are told. */
@Command(
    name = "naru",
    description =
        "A container network that proves its paths, names what breaks one, and says where.",
    versionProvider = NaruCommand.Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      DemoCommand.class,
      LabCommand.class,
      StatusCommand.class,
      NodeCommand.class,
      ListCommands.PathCommand.class,
      ListCommands.TunnelCommand.class,
      ListCommands.PodCommand.class,
      ServerCommand.class,
      TokenCommand.class,
      AgentCommand.class,
      CleanCommand.class
    })
public final class NaruCommand extends Group {
  /** Exit code of a failure that was explained. */
  private static final int FAILED = 1;

  /** Exit code where nothing could be done at all: rights or programs are missing. */
  private static final int CANNOT = 3;

  /** The program's version, as Maven stamped it into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"naru " + number()};
    }

    static String number() {
      String stamped = NaruCommand.class.getPackage().getImplementationVersion();
      return stamped == null ? "development" : stamped;
    }
  }

  /** The command line, ready to execute. */
  public static CommandLine line() {
    CommandLine line = new CommandLine(new NaruCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.registerConverter(IpAddress.class, IpAddress::parse);
    line.registerConverter(FirewallPolicy.class, NaruCommand::firewall);
    line.setExecutionExceptionHandler(NaruCommand::explain);
    line.getSubcommands().values().forEach(NaruCommand::addHelp);
    return line;
  }

  private static FirewallPolicy firewall(String text) {
    for (var policy : FirewallPolicy.values()) {
      if (policy.toString().equals(text)) {
        return policy;
      }
    }
    throw new CommandLine.TypeConversionException(
        "'" + text + "' is neither open nor default-deny");
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec().mixinStandardHelpOptions(true);
    line.getSubcommands().values().forEach(NaruCommand::addHelp);
  }

  private static int explain(Exception failure, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (failure instanceof NaruException naru) {
      err.println("naru: " + naru.sentence());
      err.flush();
      return naru.code() == ErrorCode.NOT_PERMITTED ? CANNOT : FAILED;
    }
    err.println(
        "naru: a mistake in Naru itself (" + ErrorCode.INTERNAL.code() + "); please report this:");
    failure.printStackTrace(err);
    err.flush();
    return FAILED;
  }
}
