package io.naru.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of container runtimes on a host: those that docs/runtimes.md shows, word for word. */
final class RuntimeFiles {
  private static final Path DOCUMENT = Installation.home("docs/runtimes.md");
  private static final String IMAGE_FOLDER = "/run/image";

  private RuntimeFiles() {}

  /** The CNI plugin and the network that it serves, for every runtime. */
  static void installPlugin(TestHost host) {
    Path plugin = folder(host, "/opt/cni/bin").resolve("naru-cni");
    try {
      Files.copy(Installation.cniPlugin(), plugin, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    host.shell("ln -s /usr/lib/cni/loopback /opt/cni/bin/");
    write(host, "/etc/cni/net.d/10-naru.conflist");
  }

  /** Writes a file as the document shows it. */
  static void write(TestHost host, String file) {
    write(host, file, documented(file));
  }

  static void write(TestHost host, String file, String content) {
    Path target = folder(host, Path.of(file).getParent().toString());
    try {
      Files.writeString(target.resolve(Path.of(file).getFileName()), content);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The block of code after the words "FILE:" at a line's end. */
  static String documented(String file) {
    try {
      Matcher block =
          Pattern.compile(
                  Pattern.quote("`" + file + "`:") + "\\n+```\\w*\\n(.*?)```", Pattern.DOTALL)
              .matcher(Files.readString(DOCUMENT));
      if (!block.find()) {
        throw new AssertionError(DOCUMENT + " does not show " + file);
      }
      return block.group(1);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The archive of the test's image, as the host names it. */
  static String image(TestHost host) {
    Path folder = folder(host, IMAGE_FOLDER);
    return IMAGE_FOLDER + "/" + TestImage.write(folder).getFileName();
  }

  private static Path folder(TestHost host, String path) {
    try {
      return Files.createDirectories(host.file(path));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
