package io.naru.cli.command;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says plainly where root is needed and missing. */
public final class RootRights {
  private RootRights() {}

  /**
   * Checks for root.
   *
   * @param why a clause: what needs it
   * @throws NaruException NOT_PERMITTED without it
   */
  public static void require(String why) {
    try {
      if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
        return;
      }
    } catch (IOException | UnsupportedOperationException noProc) {
      return; // whatever needs root will say so itself
    }
    throw new NaruException(ErrorCode.NOT_PERMITTED, why + ", which needs root: run it with sudo");
  }
}
