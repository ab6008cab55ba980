package io.naru.dns.zone;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.text.DnsLabel;
import io.naru.dns.message.Answer;
import io.naru.dns.message.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * What a cluster's names mean while its services are as they are: the Kubernetes DNS-Based Service
 * Discovery specification 1.1.0. Never altered; {@link #with} makes the next.
 *
 * <p>A question costs the same however many services there are; the next costs a look at each
 * service and work for those that changed.
 */
public final class ClusterNames {
  private static final String VERSION = "1.1.0";

  private final ClusterZone zone;
  private final ServiceIndex index;
  private final Name services;
  private final Name server;
  private final Name mailbox;

  private ClusterNames(ClusterZone zone, ServiceIndex index) {
    this.zone = zone;
    this.index = index;
    this.services = ServiceRecords.below("svc", zone.domain());
    this.server = ServiceRecords.below("ns", ServiceRecords.below("dns", zone.domain()));
    this.mailbox = ServiceRecords.below("hostmaster", zone.domain());
  }

  /** The names of services. */
  public static ClusterNames of(ClusterZone zone, Map<ServiceName, Service> services) {
    return new ClusterNames(zone, ServiceIndex.EMPTY.with(services));
  }

  /**
   * The names of other services.
   *
   * @param others all of them; those that are the same objects as before cost little, and a map
   *     that cannot be altered is not copied
   * @return this where nothing changed
   */
  @SuppressWarnings("ReferenceEquality") // an index tells by itself that it is the same
  public ClusterNames with(Map<ServiceName, Service> others) {
    ServiceIndex next = index.with(others);
    return next == index ? this : new ClusterNames(zone, next);
  }

  /** The same services' names in another zone. */
  public ClusterNames in(ClusterZone other) {
    return other.equals(zone) ? this : new ClusterNames(other, index);
  }

  public ClusterZone zone() {
    return zone;
  }

  /** How many services there are. */
  public int size() {
    return index.services().size();
  }

  /** The answer, or nothing if the name is not the cluster's. */
  public Optional<Answer> answer(Question question) {
    Name name = question.name();
    if (name.subdomain(zone.domain())) {
      return Optional.of(answer(question, zone.domain(), inDomain(name)));
    }
    ReverseName reversed = ReverseName.read(name);
    return reversed == null ? Optional.empty() : reverse(question, reversed);
  }

  /** All there is at a name, and what helps with it. */
  private record Found(List<Record> records, List<Record> additional) {
    /** A name that has others below it, and no records. */
    static final Found NOTHING = new Found(List.of(), List.of());

    static Found of(List<Record> records) {
      return new Found(records, List.of());
    }
  }

  private Answer answer(Question question, Name apex, @Nullable Found found) {
    List<Record> matching =
        found == null
            ? List.of()
            : question.type() == Type.ANY
                ? found.records()
                : found.records().stream().filter(it -> it.getType() == question.type()).toList();
    return new Answer(
        found == null ? Rcode.NXDOMAIN : Rcode.NOERROR,
        true,
        false,
        matching,
        matching.isEmpty() ? List.of(authority(apex)) : List.of(),
        found == null || matching.isEmpty() ? List.of() : found.additional());
  }

  private Record authority(Name apex) {
    return ZoneRecords.authority(apex, server, mailbox);
  }

  private Found atApex(Name apex) {
    return Found.of(List.of(authority(apex), ZoneRecords.nameServer(apex, server)));
  }

  private @Nullable Found inDomain(Name name) {
    String[] labels = Label.below(name, zone.domain());
    int last = labels.length - 1;
    if (last < 0) {
      return atApex(zone.domain());
    }
    return switch (labels[last]) {
      case "svc" -> service(name, labels, last);
      case "pod" -> pod(name, labels, last);
      case "dns" -> server(name, labels, last);
      case "dns-version" -> last == 0 ? Found.of(List.of(ZoneRecords.text(name, VERSION))) : null;
      default -> null;
    };
  }

  private @Nullable Found server(Name name, String[] labels, int count) {
    if (count == 0) {
      return Found.NOTHING;
    }
    return count == 1 && labels[0].equals("ns")
        ? Found.of(ZoneRecords.addresses(name, zone.servers()))
        : null;
  }

  /** Section 2.6: any address, in any namespace. */
  private @Nullable Found pod(Name name, String[] labels, int count) {
    if (count == 0) {
      return Found.NOTHING;
    }
    if (count > 2 || !DnsLabel.isOne(labels[count - 1])) {
      return null;
    }
    if (count == 1) {
      return Found.NOTHING;
    }
    IpAddress address = AddressLabel.read(labels[0]);
    return address == null ? null : Found.of(List.of(ZoneRecords.address(name, address)));
  }

  private @Nullable Found service(Name name, String[] labels, int count) {
    if (count == 0 || count == 1 && index.hasNamespace(labels[0])) {
      return Found.NOTHING;
    }
    if (count < 2 || count > 4) {
      return null;
    }
    ServiceRecords service = service(labels[count - 1], labels[count - 2]);
    if (service == null || !service.exists()) {
      return null;
    }
    return switch (count) {
      case 2 -> Found.of(service.addresses(name));
      case 3 -> belowService(service, name, labels[0]);
      default -> servers(service, name, labels);
    };
  }

  private @Nullable ServiceRecords service(String namespace, String name) {
    if (!DnsLabel.isOne(namespace) || !DnsLabel.isOne(name)) {
      return null;
    }
    Service found = index.service(new ServiceName(namespace, name));
    return found == null ? null : new ServiceRecords(found, services);
  }

  private static @Nullable Found belowService(ServiceRecords service, Name name, String label) {
    if (service.hasPorts(label)) {
      return Found.NOTHING;
    }
    List<Record> addresses = service.addressesOf(label, name);
    return addresses.isEmpty() ? null : Found.of(addresses);
  }

  private static @Nullable Found servers(ServiceRecords service, Name name, String[] labels) {
    ServiceRecords.Servers servers = service.servers(name, labels[0], labels[1]);
    return servers == null ? null : new Found(servers.servers(), servers.addresses());
  }

  private Optional<Answer> reverse(Question question, ReverseName reversed) {
    List<Record> pointers = pointers(question.name(), reversed);
    Prefix block = zone.blockOf(reversed);
    if (block == null) {
      // An address of ours in no block of ours: what we know is told, the rest is another's to say.
      boolean ours = !pointers.isEmpty() && question.type() == Type.PTR;
      return ours
          ? Optional.of(answer(question, question.name(), Found.of(pointers)))
          : Optional.empty();
    }
    Name apex = reversed.apex(block);
    if (apex.equals(question.name()) && !reversed.isAddress()) {
      return Optional.of(answer(question, apex, atApex(apex)));
    }
    if (!reversed.isAddress() && !reversed.deeper()) {
      return Optional.of(answer(question, apex, Found.NOTHING));
    }
    return Optional.of(answer(question, apex, pointers.isEmpty() ? null : Found.of(pointers)));
  }

  private List<Record> pointers(Name name, ReverseName reversed) {
    if (!reversed.isAddress()) {
      return List.of();
    }
    IpAddress address = reversed.prefix().address();
    List<Record> pointers = new ArrayList<>();
    for (Service each : index.at(address)) {
      pointers.addAll(new ServiceRecords(each, services).pointers(name, address));
    }
    return pointers;
  }
}
