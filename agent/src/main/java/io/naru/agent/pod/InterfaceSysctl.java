package io.naru.agent.pod;

import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Parameters of one interface in the calling thread's network namespace (kernel documentation,
 * networking/ip-sysctl).
 */
final class InterfaceSysctl {
  private InterfaceSysctl() {}

  static void write(IpFamily family, String interfaceName, String parameter, int value) {
    Path path = path(family, interfaceName, parameter);
    try {
      Files.writeString(path, value + "\n", StandardOpenOption.WRITE);
    } catch (NoSuchFileException absent) {
      if (family == IpFamily.IPV6 && !Files.exists(Path.of("/proc/sys/net/ipv6"))) {
        // A kernel without IPv6 has nothing to switch off.
        return;
      }
      throw failed(path, value, absent);
    } catch (IOException e) {
      throw failed(path, value, e);
    }
  }

  private static Path path(IpFamily family, String interfaceName, String parameter) {
    String directory =
        switch (family) {
          case IPV4 -> "ipv4";
          case IPV6 -> "ipv6";
        };
    return Path.of("/proc/sys/net", directory, "conf", interfaceName, parameter);
  }

  private static NaruException failed(Path path, int value, IOException cause) {
    return new NaruException(
        ErrorCode.KERNEL_REFUSED,
        "cannot set "
            + path
            + " to "
            + value
            + ": "
            + cause.getMessage()
            + "; the agent needs a writable /proc/sys",
        cause);
  }
}
