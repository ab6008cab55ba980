package io.naru.cli.command;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.LabPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where this installation's programs are. */
public final class Programs {
  private Programs() {}

  /** The launcher and the CNI plugin beside which this program runs. */
  public static LabPrograms ofThisInstallation() {
    String home = System.getProperty("naru.home", "");
    Path launcher = Path.of(home, "bin", "naru");
    Path plugin = Path.of(home, "build", "naru", "naru-cni");
    if (home.isEmpty() || !Files.isExecutable(launcher) || !Files.isExecutable(plugin)) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "a lab runs Naru's own programs and cannot find them; start it with bin/naru");
    }
    // The variable tells the launcher that there is nothing to install or build.
    return new LabPrograms(List.of("/usr/bin/env", "NARU_INSIDE=1", launcher.toString()), plugin);
  }
}
