package io.naru.lab.process;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A process that cannot be mistaken for a later one with the same number.
 *
 * @param pid its number in the host's PID namespace
 * @param startTime when it started, in clock ticks since boot: field 22 of {@code /proc/PID/stat},
 *     proc(5)
 */
public record ProcessIdentity(long pid, long startTime) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,10}) (\\d{1,19})\\s*");

  /** Parses {@code PID STARTTIME}. */
  public static ProcessIdentity parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new NaruException(
          ErrorCode.MALFORMED, "'" + text + "' is not a process number and its start time");
    }
    return new ProcessIdentity(
        Long.parseLong(matcher.group(1)), Long.parseUnsignedLong(matcher.group(2)));
  }

  /** The process that has this number now, if it is alive: a zombie is not. */
  public static Optional<ProcessIdentity> of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The second field may hold spaces and brackets; the last bracket ends it.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[0].equals("Z") || fields[0].equals("X")
          ? Optional.empty()
          : Optional.of(new ProcessIdentity(pid, Long.parseUnsignedLong(fields[19])));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  public boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }

  @Override
  public String toString() {
    return pid + " " + startTime;
  }
}
