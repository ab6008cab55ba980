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
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(seenFromHere(process, socket)))) {
      return channel.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Short enough for sun_path, whatever the lab's name: unix(7) allows 107 bytes. */
  static Path seenFromHere(ProcessIdentity process, Path socket) {
    return Path.of("/proc/" + process.pid() + "/root" + socket);
  }
}
