package io.naru.agent.dns;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The resolvers that a host's own programs ask, by its file (resolv.conf(5)). */
final class HostResolvers {
  static final Path FILE = Path.of("/etc/resolv.conf");

  private static final Logger LOG = LoggerFactory.getLogger(HostResolvers.class);
  private static final Pattern BLANKS = Pattern.compile("[ \t]+");
  private static final long LARGEST = 64 << 10;

  /** More than these no program asks (MAXNS of resolv.h). */
  private static final int MOST = 3;

  private HostResolvers() {}

  /** Those in the file; none where there is no file or nothing in it that can be read. */
  static List<IpAddress> in(Path file) {
    try {
      return Files.exists(file) && Files.size(file) <= LARGEST
          ? parse(Files.readString(file, StandardCharsets.ISO_8859_1))
          : List.of();
    } catch (IOException unreadable) {
      LOG.debug("the host's resolvers are not known: {}", unreadable.toString());
      return List.of();
    }
  }

  static List<IpAddress> parse(String text) {
    List<IpAddress> found = new ArrayList<>();
    for (String line : text.lines().toList()) {
      List<String> words = BLANKS.splitAsStream(line.strip()).toList();
      if (words.size() > 1 && words.getFirst().equals("nameserver") && found.size() < MOST) {
        try {
          found.add(IpAddress.parse(words.get(1)));
        } catch (NaruException scopedOrWrong) {
          LOG.debug("a resolver of the host is left out: {}", scopedOrWrong.sentence());
        }
      }
    }
    return List.copyOf(found);
  }
}
