package io.naru.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Services as kube-proxy lays them out with iptables, for iptables-restore: a chain that compares
 * each new connection with one service after the other, a chain for each service that draws a
 * backend, and a chain for each backend that translates. Written from what such a node shows.
 *
 * @param pods the block of all pods: what comes from elsewhere is masqueraded
 */
record KubeProxyRules(ServiceList services, String pods) {
  private static final String FRAME =
      """
      *nat
      :KUBE-SERVICES - [0:0]
      :KUBE-POSTROUTING - [0:0]
      :KUBE-MARK-MASQ - [0:0]
      """;

  private static final String COMMON =
      """
      -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
      -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
      -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
      -A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
      -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
      -A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
      -A KUBE-POSTROUTING -j MASQUERADE --random-fully
      """;

  /** All of them, in place of what the table held. */
  String all() {
    StringBuilder text = new StringBuilder(FRAME);
    for (int service = 0; service < services.size(); service++) {
      chains(service, text);
    }
    text.append(COMMON);
    for (int service = 0; service < services.size(); service++) {
      text.append(
          "-A KUBE-SERVICES -d %s/32 -p tcp -m comment --comment \"%s cluster IP\" -m tcp --dport %d -j %s\n"
              .formatted(
                  ServiceList.address(service),
                  ServiceList.name(service),
                  ServiceList.PORT,
                  chain(service)));
    }
    for (int service = 0; service < services.size(); service++) {
      rules(service, services.backends(), text);
    }
    return text.append("COMMIT\n").toString();
  }

  /** One service's chains alone, with other backends, beside what the table holds. */
  String change(int service, List<String> backends) {
    StringBuilder text = new StringBuilder("*nat\n");
    chains(service, text);
    rules(service, backends, text);
    return text.append("COMMIT\n").toString();
  }

  private void chains(int service, StringBuilder to) {
    to.append(":").append(chain(service)).append(" - [0:0]\n");
    IntStream.range(0, services.backends().size())
        .forEach(i -> to.append(":").append(backendChain(service, i)).append(" - [0:0]\n"));
  }

  private void rules(int service, List<String> backends, StringBuilder to) {
    String chain = chain(service);
    to.append(
        "-A %s ! -s %s -d %s/32 -p tcp -m comment --comment \"%s cluster IP\" -m tcp --dport %d -j KUBE-MARK-MASQ\n"
            .formatted(
                chain,
                pods,
                ServiceList.address(service),
                ServiceList.name(service),
                ServiceList.PORT));
    for (int i = 0; i < backends.size(); i++) {
      int left = backends.size() - i;
      String draw =
          left == 1 ? "" : "-m statistic --mode random --probability %.11f ".formatted(1.0 / left);
      to.append(
          "-A %s -m comment --comment \"%s -> %s:%d\" %s-j %s\n"
              .formatted(
                  chain,
                  ServiceList.name(service),
                  backends.get(i),
                  ServiceList.TARGET,
                  draw,
                  backendChain(service, i)));
    }
    for (int i = 0; i < backends.size(); i++) {
      to.append(
          """
          -A %1$s -s %3$s/32 -m comment --comment %2$s -j KUBE-MARK-MASQ
          -A %1$s -p tcp -m comment --comment %2$s -m tcp -j DNAT --to-destination %3$s:%4$d
          """
              .formatted(
                  backendChain(service, i),
                  ServiceList.name(service),
                  backends.get(i),
                  ServiceList.TARGET));
    }
  }

  private static String chain(int service) {
    return "KUBE-SVC-" + name(service, 0);
  }

  private static String backendChain(int service, int backend) {
    return "KUBE-SEP-" + name(service, backend + 1);
  }

  /** Sixteen letters and digits in no order, as theirs are. */
  private static String name(int service, int number) {
    long mixed = (service * 8L + number + 1) * 0x9e37_79b9_7f4a_7c15L;
    String digits = Long.toUnsignedString(mixed, 36).toUpperCase(Locale.ROOT);
    return ("0".repeat(16) + digits).substring(digits.length());
  }
}
