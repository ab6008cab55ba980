package io.naru.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names that are asked in a pod: of its node's server, and of dnsmasq in a pod beside it. */
final class ServiceDnsSuite implements Suite {
  private static final int SECONDS = 2;
  private static final double SHARE = 0.7;

  private final NameServers servers;
  private final Map<String, Double> lastRates = new HashMap<>();

  private ServiceDnsSuite(NameServers servers) {
    this.servers = servers;
  }

  static ServiceDnsSuite open(Installation naru) {
    return new ServiceDnsSuite(NameServers.open(naru, "dns"));
  }

  @Override
  public String name() {
    return "services-dns";
  }

  /** Thousands of answers a second. */
  @Override
  public String unit() {
    return "k/s";
  }

  @Override
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    String cluster = servers.clusterNames();
    String world = servers.worldNames();
    pair(rows, "cluster names", servers.dnsmasq4(), NameServers.NARU4, cluster);
    pair(rows, "names of an upstream, kept", servers.dnsmasq4(), NameServers.NARU4, world);
    pair(rows, "cluster names, IPv6", servers.dnsmasq6(), NameServers.NARU6, cluster);
    rows.add(lost("cluster names", NameServers.NARU4, cluster));
    rows.add(lost("names of an upstream, kept", NameServers.NARU4, world));
    rows.add(lost("cluster names, IPv6", NameServers.NARU6, cluster));
    return rows;
  }

  private void pair(List<Row> rows, String what, String dnsmasq, String naru, String names) {
    String other = "dnsmasq, " + what;
    rows.add(new Row(other, () -> rate(other, dnsmasq, names)));
    String own = own(what);
    rows.add(new Row(own, () -> rate(own, naru, names), Goal.atLeast(SHARE, other)));
  }

  private static String own(String what) {
    return "naru, " + what;
  }

  private double rate(String row, String server, String names) {
    Dnsperf.Told told = Dnsperf.run(servers.client(), server, names, SECONDS);
    lastRates.put(row, told.rate());
    return told.rate() / 1e3;
  }

  /** Half of what was reached in the same round. */
  private Row lost(String what, String naru, String names) {
    return Row.count(
        own(what) + ", at half of that rate, lost",
        "queries lost",
        () -> {
          double half = lastRates.getOrDefault(own(what), 0.0) / 2;
          return Dnsperf.run(servers.client(), naru, names, SECONDS, half).lost();
        },
        0);
  }
}
