package io.naru.dns.zone;

import io.naru.core.address.IpAddress;
import java.util.Collection;
import java.util.List;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TXTRecord;

/** The cluster's records. */
final class ZoneRecords {
  /**
   * Seconds an answer may be kept by the one who asked. Asking again costs no packet on any wire,
   * so it is short: a service that moved, and a pod of a headless service that ended, are not found
   * under their old address for longer. It is what Kubernetes' own server uses.
   */
  static final long TTL = 5;

  private static final int REFRESH = 7200;
  private static final int RETRY = 1800;
  private static final int EXPIRE = 86400;

  private ZoneRecords() {}

  static Record address(Name owner, IpAddress address) {
    return address.isIpv4()
        ? new ARecord(owner, DClass.IN, TTL, address.toInetAddress())
        : new AAAARecord(owner, DClass.IN, TTL, address.toBytes());
  }

  static List<Record> addresses(Name owner, Collection<IpAddress> addresses) {
    return addresses.stream().map(each -> address(owner, each)).toList();
  }

  /** RFC 2782. */
  static Record server(Name owner, int weight, int port, Name target) {
    return new SRVRecord(owner, DClass.IN, TTL, 0, weight, port, target);
  }

  static Record pointer(Name owner, Name target) {
    return new PTRRecord(owner, DClass.IN, TTL, target);
  }

  static Record text(Name owner, String text) {
    return new TXTRecord(owner, DClass.IN, TTL, text);
  }

  static Record nameServer(Name apex, Name server) {
    return new NSRecord(apex, DClass.IN, TTL, server);
  }

  /** Its last number is how long the absence of a name may be kept: RFC 2308, section 4. */
  static Record authority(Name apex, Name server, Name mailbox) {
    // Nobody copies this zone, so its serial number says nothing.
    return new SOARecord(apex, DClass.IN, TTL, server, mailbox, 1, REFRESH, RETRY, EXPIRE, TTL);
  }
}
