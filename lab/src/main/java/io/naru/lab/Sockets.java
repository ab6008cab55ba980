package io.naru.lab;

import io.naru.lab.process.ProcessIdentity;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Unix sockets in the mount namespaces of the lab's processes. */
final class Sockets {
  private Sockets() {}

  /** Whether something accepts connections on a socket, in the file system of a process. */
  static boolean answers(ProcessIdentity process, Path socket) {
    // Short enough for sun_path, whatever the lab's name: unix(7) allows 107 bytes.
    Path seenFromHere = Path.of("/proc/" + process.pid() + "/root" + socket);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(seenFromHere))) {
      return channel.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
