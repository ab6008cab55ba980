package io.naru.bench;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is measured.
 *
 * @param home the folder that has {@code bin/naru}
 * @param lab a standing lab that may be asked
 */
record Installation(Path home, Optional<String> lab) {
  Path launcher() {
    return home.resolve("bin/naru");
  }

  Path built() {
    return home.resolve("build/naru");
  }
}
