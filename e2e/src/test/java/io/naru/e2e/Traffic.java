package io.naru.e2e;

/** Shell texts that make and measure traffic. */
final class Traffic {
  static final int PORT = 5000;
  static final int MEBIBYTE = 1 << 20;

  private Traffic() {}

  static String ping(String address) {
    return "ping -n -q -c 3 -i 0.1 -W 1 " + address;
  }

  /** A server in the background that tells each client its address, and how many bytes it sent. */
  static String server(boolean ipv6) {
    return ("setsid socat %s:%d,reuseaddr,fork SYSTEM:'echo $SOCAT_PEERADDR; wc -c'"
            + " </dev/null >/dev/null 2>&1 &"
            + " for i in $(seq 50); do ss -Hltn sport = :%d | grep -q . && exit 0; sleep 0.1; done;"
            + " exit 1")
        .formatted(ipv6 ? "TCP6-LISTEN" : "TCP4-LISTEN", PORT, PORT);
  }

  /** Sends one MiB to the server there; prints the address it saw, and the bytes it counted. */
  static String send(String address) {
    boolean ipv6 = address.contains(":");
    return "head -c %d /dev/zero | timeout 15 socat -t 10 - %s:%s:%d,connect-timeout=5"
        .formatted(MEBIBYTE, ipv6 ? "TCP6" : "TCP4", ipv6 ? "[" + address + "]" : address, PORT);
  }

  /** What {@link #askEcho} prints where every datagram came back. */
  static final String ECHOED = "1350";

  private static final int ECHO_PORT = 5001;

  /** A server in the background that sends UDP datagrams of both families back. */
  static String echo() {
    return ("setsid socat UDP6-RECVFROM:%d,ipv6only=0,fork EXEC:cat </dev/null >/dev/null 2>&1 &"
            + " for i in $(seq 50); do ss -Hlun sport = :%d | grep -q . && exit 0; sleep 0.1; done;"
            + " exit 1")
        .formatted(ECHO_PORT, ECHO_PORT);
  }

  /** Sends a datagram of 1350 bytes there; prints how many bytes came back. */
  static String askEcho(String address) {
    boolean ipv6 = address.contains(":");
    return "head -c 1350 /dev/zero | socat -t 0.3 - %s:%s:%d | wc -c"
        .formatted(ipv6 ? "UDP6" : "UDP4", ipv6 ? "[" + address + "]" : address, ECHO_PORT);
  }
}
