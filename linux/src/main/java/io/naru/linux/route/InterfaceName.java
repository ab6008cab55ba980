package io.naru.linux.route;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.charset.StandardCharsets;

/** The kernel's rules for names of interfaces (dev_valid_name of net/core/dev.c). */
public final class InterfaceName {
  /** IFNAMSIZ of linux/if.h, without the NUL. */
  private static final int MOST_BYTES = 15;

  private InterfaceName() {}

  /** The name itself when the kernel would take it. */
  public static String require(String name) {
    boolean characters =
        name.chars().noneMatch(c -> c == '/' || c == ':' || c == 0 || Character.isWhitespace(c));
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (!characters || bytes == 0 || bytes > MOST_BYTES || name.equals(".") || name.equals("..")) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "'"
              + name
              + "' cannot name an interface; use 1 to 15 characters without '/', ':' and spaces");
    }
    return name;
  }
}
