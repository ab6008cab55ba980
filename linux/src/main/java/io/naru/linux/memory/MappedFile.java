package io.naru.linux.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that is mapped into a process, privately and for reading or executing only, and of which
 * no page differs from the file: whatever of it leaves memory can be read again.
 *
 * @param start its first address
 * @param bytes its length
 * @param path the file
 */
public record MappedFile(long start, long bytes, String path) {
  /** proc(5), {@code /proc/pid/maps}: addresses, permissions, offset, device, inode, path. */
  private static final Pattern MAPPING =
      Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S{4}) \\S+ \\S+ ([0-9]+)\\s*(.*)");

  /** What {@code /proc/pid/smaps} says of pages that were written to. */
  private static final Pattern WRITTEN = Pattern.compile("Anonymous:\\s+([0-9]+) kB");

  /**
   * Those that a process has.
   *
   * @param smaps the lines of its {@code /proc/pid/smaps}
   */
  static List<MappedFile> unwritten(List<String> smaps) {
    List<MappedFile> found = new ArrayList<>();
    MappedFile candidate = null;
    for (String line : smaps) {
      Matcher mapping = MAPPING.matcher(line);
      if (mapping.matches()) {
        candidate = isReadOnlyFile(mapping) ? of(mapping) : null;
        continue;
      }
      Matcher written = WRITTEN.matcher(line);
      if (candidate != null && written.matches() && written.group(1).equals("0")) {
        found.add(candidate);
      }
    }
    return List.copyOf(found);
  }

  private static boolean isReadOnlyFile(Matcher mapping) {
    String permissions = mapping.group(3);
    return permissions.startsWith("r-")
        && permissions.endsWith("p")
        && !mapping.group(4).equals("0")
        && mapping.group(5).startsWith("/");
  }

  private static MappedFile of(Matcher mapping) {
    long start = Long.parseUnsignedLong(mapping.group(1), 16);
    long end = Long.parseUnsignedLong(mapping.group(2), 16);
    return new MappedFile(start, end - start, mapping.group(5));
  }
}
