package io.naru.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** dnsperf(1): asks names of a file again and again, a hundred questions under way at a time. */
final class Dnsperf {
  private static final Pattern SENT = Pattern.compile("Queries sent: +(\\d+)");
  private static final Pattern RATE = Pattern.compile("Queries per second: +([0-9.]+)");
  private static final Pattern FOUND = Pattern.compile("Response codes:.* NOERROR (\\d+)");

  /** Sockets it asks from. */
  private static final String CLIENTS = "10";

  private Dnsperf() {}

  /**
   * What it told at its end.
   *
   * @param sent questions
   * @param found of these, with what was asked for; others were lost or refused
   * @param rate answers a second
   */
  record Told(long sent, long found, double rate) {
    /** Questions without what was asked for. */
    long lost() {
      return sent - found;
    }
  }

  /** The command without a bound. */
  static Command command(String namespace, String server, String names) {
    return Command.of("dnsperf", "-s", server, "-d", names, "-c", CLIENTS).in(namespace);
  }

  /** As fast as answers come, for so many seconds. */
  static Told run(String namespace, String server, String names, int seconds) {
    return told(command(namespace, server, names).and("-l", Integer.toString(seconds)).run());
  }

  /** At a steady rate. */
  static Told run(String namespace, String server, String names, int seconds, double rate) {
    return told(
        command(namespace, server, names)
            .and("-l", Integer.toString(seconds), "-Q", Long.toString(Math.round(rate)))
            .run());
  }

  /** Each name once, and not too many at a time: a cache has them afterwards. */
  static Told once(String namespace, String server, String names) {
    return told(command(namespace, server, names).and("-n", "1", "-q", "10").run());
  }

  static Told told(String printed) {
    Matcher found = FOUND.matcher(printed);
    return new Told(
        Long.parseLong(number(SENT, printed)),
        found.find() ? Long.parseLong(found.group(1)) : 0,
        Double.parseDouble(number(RATE, printed)));
  }

  private static String number(Pattern pattern, String printed) {
    Matcher matcher = pattern.matcher(printed);
    if (!matcher.find()) {
      throw new IllegalStateException("dnsperf told no numbers: " + printed);
    }
    return matcher.group(1);
  }
}
