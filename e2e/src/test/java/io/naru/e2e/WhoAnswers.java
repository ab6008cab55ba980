package io.naru.e2e;

/** Shell texts for servers that answer with their name, and clients that ask who answers. */
final class WhoAnswers {
  /** One line for every connection and datagram: the server's name, then who asks. */
  private static final String SERVER =
      """
      import socketserver, threading
      class Stream(socketserver.BaseRequestHandler):
          def handle(self):
              self.request.recv(16)
              self.request.sendall(("%1$s " + self.client_address[0] + "\\n").encode())
      class Datagram(socketserver.BaseRequestHandler):
          def handle(self):
              self.request[1].sendto(b"%1$s", self.client_address)
      import socket
      class Streams(socketserver.ThreadingTCPServer):
          address_family = socket.AF_INET6
          allow_reuse_address = True
          request_queue_size = 512
      class Datagrams(socketserver.ThreadingUDPServer):
          address_family = socket.AF_INET6
      streams = Streams(("::", 8080), Stream)
      datagrams = Datagrams(("::", 8080), Datagram)
      threading.Thread(target=datagrams.serve_forever, daemon=True).start()
      streams.serve_forever()
      """;

  private static final String CLIENT =
      """
      import socket
      for i in range(%3$d):
          with socket.create_connection(("%1$s", %2$d), timeout=3) as s:
              s.sendall(b"?")
              print(s.makefile().readline().split()[%4$d])
      """;

  private static final String REFUSED =
      """
      import socket
      try:
          socket.create_connection(("%1$s", %2$d), timeout=3)
      except OSError as e:
          print(e)
      """;

  private static final String FOREVER =
      """
      import socket, time
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      s.settimeout(0.3)
      s.connect(("%1$s", %2$d))
      while True:
          try:
              s.send(b"?")
              who = s.recv(16).decode()
              with open("%3$s", "w") as f:
                  f.write(who)
          except OSError:
              pass
          time.sleep(0.1)
      """;

  private WhoAnswers() {}

  private static String python(String text) {
    return "python3 - <<'END'\n" + text + "END\n";
  }

  /** Serves in the background until the pod is gone. */
  static String server(String name) {
    return "setsid nohup python3 -c '"
        + SERVER.formatted(name)
        + "' </dev/null >/dev/null 2>&1 &\n"
        + "for i in $(seq 100); do ss -ltn | grep -q :8080 && exit; sleep 0.1; done; exit 1";
  }

  /** Asks so often over TCP; prints who answered, a line each. */
  static String ask(String address, int port, int times) {
    return python(CLIENT.formatted(bare(address), port, times, 0));
  }

  /** Prints as whom the server sees the client. */
  static String seenAs(String address, int port) {
    return python(CLIENT.formatted(bare(address), port, 1, 1))
        .replaceFirst("'END'", "'END' | sed s/^::ffff://");
  }

  /** Prints why there is no connection. */
  static String refusal(String address, int port) {
    return python(REFUSED.formatted(bare(address), port));
  }

  /** Asks over UDP from one port for as long as the pod lives; the file holds who answered last. */
  static String askOverUdpForever(String address, int port, String file) {
    return "setsid nohup python3 -c '"
        + FOREVER.formatted(bare(address), port, file)
        + "' </dev/null >/dev/null 2>&1 &";
  }

  /** Prints the IPv4 address of a name, by the DNS server of the node that it runs on. */
  static String resolved(String name) {
    return resolved("@169.254.20.10", name);
  }

  /** Prints the IPv4 address of a name; fails where nobody answers or there is none. */
  static String resolved(String server, String name) {
    return "dig +short +time=1 +tries=1 %s %s A | grep -E '^[0-9.]+$'".formatted(server, name);
  }

  private static String bare(String address) {
    return address.replace("[", "").replace("]", "");
  }
}
