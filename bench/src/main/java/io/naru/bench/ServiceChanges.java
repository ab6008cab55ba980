package io.naru.bench;

import io.naru.core.address.IpAddress;
import io.naru.core.service.Backend;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.core.service.ServiceWish;
import io.naru.lab.Lab;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.nftables.NftablesEvent;
import io.naru.linux.nftables.NftablesEvents;
import io.naru.store.service.Connector;
import io.naru.store.service.RemoteClusterStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Changes of a lab's services by its store, and when the kernel of the first node has them. */
final class ServiceChanges implements AutoCloseable {
  private static final String TABLE = "naru-services";
  private static final Duration QUIET = Duration.ofMillis(1500);

  /** Until an agent has also written down what it was told of one change. */
  private static final Duration BETWEEN = Duration.ofMillis(400);

  private final NaruServices services;
  private final RemoteClusterStore store;
  private final NftablesEvents events;
  private final BlockingQueue<Long> changed = new LinkedBlockingQueue<>();
  private final List<Double> calls = new ArrayList<>();

  private ServiceChanges(NaruServices services, RemoteClusterStore store, NftablesEvents events) {
    this.services = services;
    this.store = store;
    this.events = events;
  }

  static ServiceChanges open(NaruServices services) {
    BenchLab lab = services.lab();
    RemoteClusterStore store =
        new RemoteClusterStore(
            Connector.unix(Lab.find(lab.name()).flatMap(Lab::serverSocket).orElseThrow()));
    NetworkNamespace node = NetworkNamespace.open(lab.node(1));
    ServiceChanges changes =
        new ServiceChanges(services, store, node.call(() -> NftablesEvents.open()));
    Thread _ = Thread.ofPlatform().daemon().start(() -> changes.events.forEach(changes::take));
    return changes;
  }

  private void take(NftablesEvent event) {
    long now = System.nanoTime();
    boolean ours =
        switch (event) {
          case NftablesEvent.OfElements(String table, int _) -> table.equals(TABLE);
          case NftablesEvent.OfTable(String table, int _) -> table.equals(TABLE);
          case NftablesEvent.Overflow() -> true;
        };
    if (ours) {
      changed.add(now);
    }
  }

  /** Takes all services away, and returns when the agent has done with it. */
  void removeAll() {
    store.removeServices(services.names().map(ServiceName::parse).toList());
    settle();
  }

  /** Gives a service other backends: milliseconds from the store's call to the kernel's notice. */
  double change(int service, List<String> backends) {
    settle(BETWEEN);
    long began = System.nanoTime();
    List<Service> _ = store.putServices(List.of(ServiceWish.of(service(service, backends))));
    calls.add((System.nanoTime() - began) / 1e6);
    long told = next(NaruServices.LONGEST).orElseThrow(ServiceChanges::nothingCame);
    return (told - began) / 1e6;
  }

  /** Median milliseconds until the store had taken a change of one service and said so. */
  double storeCall() {
    return Rounds.median(calls.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static IllegalStateException nothingCame() {
    return new IllegalStateException("the kernel told of no change of the table " + TABLE);
  }

  private static Service service(int number, List<String> backends) {
    return Service.of(
        ServiceName.parse(ServiceList.name(number)),
        List.of(IpAddress.parse(ServiceList.address(number))),
        List.of(
            new ServicePort(
                "", Protocol.TCP, ServiceList.PORT, ServiceList.TARGET, Optional.empty())),
        backends.stream().map(IpAddress::parse).map(Backend::ready).toList());
  }

  /** Waits until the kernel has told of nothing for a while. */
  void settle() {
    settle(QUIET);
  }

  private void settle(Duration quiet) {
    while (next(quiet).isPresent()) {
      changed.clear();
    }
  }

  private Optional<Long> next(Duration longest) {
    try {
      return Optional.ofNullable(changed.poll(longest.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  @Override
  public void close() {
    events.close();
    store.close();
  }
}
