package io.naru.cli.command;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.topology.FirewallPolicy;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    mixinStandardHelpOptions = true)
public final class NaruCommand extends Group {
  /** Exit code of a failure that was explained. */
  private static final int FAILED = 1;

  /** Exit code where nothing could be done at all: rights or programs are missing. */
  private static final int CANNOT = 3;

  /** By name, in the order of the help. */
  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("demo", DemoCommand.class);
    commands.put("lab", LabCommand.class);
    commands.put("doctor", DoctorCommand.class);
    commands.put("history", HistoryCommand.class);
    commands.put("trace", TraceCommand.class);
    commands.put("collect", CollectCommand.class);
    commands.put("explain", ExplainCommand.class);
    commands.put("status", StatusCommand.class);
    commands.put("node", NodeCommand.class);
    commands.put("path", ListCommands.PathCommand.class);
    commands.put("tunnel", ListCommands.TunnelCommand.class);
    commands.put("pod", ListCommands.PodCommand.class);
    commands.put("service", ServiceCommand.class);
    commands.put("capture", CaptureCommand.class);
    commands.put("compare", CompareCommand.class);
    commands.put("audit", AuditCommand.class);
    commands.put("server", ServerCommand.class);
    commands.put("token", TokenCommand.class);
    commands.put("agent", AgentCommand.class);
    commands.put("install", InstallCommand.class);
    commands.put("clean", CleanCommand.class);
    return commands;
  }

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

  /**
   * The command line, ready to execute these arguments and no others: where they begin with a
   * command's name it knows that command alone. Reading all of them is half of a start's time.
   */
  public static CommandLine line(String... arguments) {
    CommandLine line = new CommandLine(new NaruCommand());
    Map<String, Class<?>> commands = commands();
    if (arguments.length > 0 && commands.containsKey(arguments[0])) {
      commands.keySet().retainAll(List.of(arguments[0]));
    } else if (List.of(arguments).equals(List.of("--version"))) {
      commands.clear();
    }
    commands.forEach(line::addSubcommand);
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
