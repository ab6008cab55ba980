package io.naru.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.Backend;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServiceWish;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does with services. */
public abstract class ServicesContract {
  protected ClusterStore store;

  /** A new store for a network. */
  protected abstract ClusterStore create(NetworkConfiguration configuration) throws Exception;

  /** The same store after a restart, for one that is durable. */
  protected ClusterStore reopen() throws Exception {
    throw new UnsupportedOperationException("this store is not durable");
  }

  @BeforeEach
  void createStore() throws Exception {
    store = create(Sample.dualStack());
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  final void requires(StoreCapability capability) {
    assumeTrue(store.capabilities().contains(capability), "needs " + capability);
  }

  static NaruException refusal(ThrowingCallable attempt) {
    NaruException refused = catchThrowableOfType(NaruException.class, attempt);
    assertThat(refused).isNotNull();
    return refused;
  }

  private static List<ServiceWish> thousands(int count) {
    List<ServiceWish> wishes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      wishes.add(ServiceWish.of(Sample.service("web" + i, "10.244.1." + (1 + i % 200))));
    }
    return wishes;
  }

  @Test
  void aServiceGetsAnAddressOfEachFamilyAndKeepsItWhateverServesIt() {
    Service stored =
        store.putServices(List.of(ServiceWish.of(Sample.service("web", "10.244.1.5")))).getFirst();
    assertThat(stored.clusterIps())
        .extracting(IpAddress::family)
        .containsExactly(IpFamily.IPV4, IpFamily.IPV6);
    assertThat(store.snapshot().services()).containsOnlyKeys(new ServiceName("default", "web"));

    Service other = Sample.service("web", "10.244.2.6");
    assertThat(store.putServices(List.of(ServiceWish.of(other))))
        .containsExactly(other.withClusterIps(stored.clusterIps()));
    long revision = store.snapshot().revision();
    store.putServices(List.of(ServiceWish.of(other)));
    assertThat(store.snapshot().revision()).as("nothing changed").isEqualTo(revision);
  }

  @Test
  void oneWrongServiceKeepsAllOutAndRemovalsAreAllOrNone() {
    Service fine = Sample.service("fine", "10.244.1.5");
    Service wrong = Sample.service("wrong", "127.0.0.1");
    assertThat(
            refusal(() -> store.putServices(List.of(ServiceWish.of(fine), ServiceWish.of(wrong)))))
        .returns(ErrorCode.BAD_INPUT, NaruException::code)
        .hasMessageContaining("1 of 2 services cannot be, so none is:")
        .hasMessageContaining("entry 2, service default/wrong: the backend 127.0.0.1");
    assertThat(store.snapshot().services()).isEmpty();

    store.putServices(List.of(ServiceWish.of(fine)));
    assertThat(refusal(() -> store.removeServices(List.of(fine.name(), wrong.name()))))
        .returns(ErrorCode.NOT_FOUND, NaruException::code)
        .hasMessageContaining("default/wrong")
        .hasMessageNotContaining("default/fine");
    assertThat(store.snapshot().services()).hasSize(1);
    store.removeServices(List.of(fine.name()));
    assertThat(store.snapshot().services()).isEmpty();
  }

  @Test
  void tenThousandServicesAreOneChangeAndEachHasItsOwnAddress() {
    long revision = store.snapshot().revision();
    List<Service> stored = store.putServices(thousands(10_000));
    assertThat(store.snapshot().revision()).isEqualTo(revision + 1);
    Set<IpAddress> addresses = new HashSet<>();
    stored.forEach(service -> addresses.addAll(service.clusterIps()));
    assertThat(addresses).hasSize(20_000);
    store.removeServices(stored.stream().map(Service::name).toList());
    assertThat(store.snapshot().services()).isEmpty();
    assertThat(store.snapshot().revision()).isEqualTo(revision + 2);
  }

  @Test
  void aWatchTellsOfServicesAndKeepsThoseThatDidNotChange() {
    store.putServices(thousands(20));
    RecordingListener listener = new RecordingListener();
    try (StoreWatch watch = store.watch(listener)) {
      assertThat(watch).isNotNull();
      await().until(() -> !listener.calls.isEmpty());
      ClusterSnapshot before = listener.last();
      assertThat(before.services()).hasSize(20);

      store.putServices(List.of(ServiceWish.of(Sample.service("web7", "10.244.9.9"))));
      await().until(() -> listener.calls.size() == 2);
      assertThat(listener.calls.getLast().touched()).isEqualTo(new Touched(Set.of(), false, true));
      ServiceName changed = new ServiceName("default", "web7");
      listener
          .last()
          .services()
          .forEach(
              (name, service) -> {
                if (name.equals(changed)) {
                  assertThat(service.backends())
                      .containsExactly(Backend.ready(IpAddress.parse("10.244.9.9")));
                } else {
                  assertThat(service).isSameAs(before.services().get(name));
                }
              });
    }
  }

  @Test
  void servicesSurviveARestart() throws Exception {
    requires(StoreCapability.DURABLE);
    store.putServices(thousands(30));
    store.removeServices(List.of(new ServiceName("default", "web3")));
    ClusterSnapshot before = store.snapshot();
    store.close();
    store = reopen();
    assertThat(store.snapshot()).isEqualTo(before);
    assertThat(before.services()).hasSize(29);
  }
}
