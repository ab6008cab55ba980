package io.naru.dns;

import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.dns.cache.AnswerCache;
import io.naru.dns.cache.Held;
import io.naru.dns.message.Answer;
import io.naru.dns.message.Known;
import io.naru.dns.message.Known.Origin;
import io.naru.dns.message.Known.Validity;
import io.naru.dns.message.Question;
import io.naru.dns.server.Responder;
import io.naru.dns.upstream.Resolver;
import io.naru.dns.upstream.UpstreamAddress;
import io.naru.dns.zone.ClusterNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;

/** The cluster's names, then the cache, then upstreams. */
final class AnswerChain implements Responder, AutoCloseable {
  /** Milliseconds after which a stale answer is better than none yet: RFC 8767, section 5. */
  private static final long STALE_AFTER = 1800;

  /** Milliseconds after which the asker has given up. */
  private static final long ALTOGETHER = 5000;

  private static final int CACHED_ANSWERS = 10_000;

  /** Of messages; as objects they take several times as much. */
  private static final long CACHED_BYTES = 2L << 20;

  private static final int MOST_UNDER_WAY = 1000;

  private final LongAdder pastFailures = new LongAdder();
  private volatile State state;

  /** What is swapped as a whole. */
  private record State(
      ClusterNames names,
      AnswerCache cache,
      Resolver upstreams,
      Resolver clusterUpstreams,
      Settings settings) {
    static State of(ClusterNames names, Settings settings) {
      // What others' upstreams still answer must not be kept: so a cache is of its resolvers.
      AnswerCache cache = new AnswerCache(CACHED_ANSWERS, CACHED_BYTES, System::nanoTime);
      return new State(
          names,
          cache,
          resolverOf(settings.upstreams(), cache),
          resolverOf(settings.clusterUpstreams(), cache),
          settings);
    }

    State with(ClusterNames others, Settings next) {
      return new State(others, cache, upstreams, clusterUpstreams, next);
    }

    Held held(Question question) {
      return cache.find(question);
    }

    int cached() {
      return cache.size();
    }

    boolean asksTheSame(Settings next) {
      return settings.upstreams().equals(next.upstreams())
          && settings.clusterUpstreams().equals(next.clusterUpstreams())
          && settings.domain().equals(next.domain())
          && settings.reverse().equals(next.reverse());
    }

    /** Who is asked for a name; nobody but those who rule over it is asked for the cluster's. */
    Resolver resolver(Question question) {
      return !clusterUpstreams.isEmpty() && names.zone().owns(question.name())
          ? clusterUpstreams
          : upstreams;
    }
  }

  AnswerChain(Settings settings) {
    this.state = State.of(ClusterNames.of(settings.zone(), Map.of()), settings);
  }

  private static Resolver resolverOf(List<UpstreamAddress> addresses, AnswerCache cache) {
    return new Resolver(
        addresses,
        MOST_UNDER_WAY,
        (question, heard) ->
            heard.ifPresentOrElse(
                answer -> cache.put(question, answer), () -> cache.failed(question)));
  }

  /** Answers by other services from now on. */
  synchronized void names(Map<ServiceName, Service> services) {
    State now = state;
    ClusterNames names = now.names().with(services);
    if (!names.equals(now.names())) {
      state = now.with(names, now.settings());
    }
  }

  /** Answers by other settings from now on. Who asks others than before begins without answers. */
  synchronized void settings(Settings settings) {
    State now = state;
    ClusterNames names = now.names().in(settings.zone());
    if (now.asksTheSame(settings)) {
      state = now.with(names, settings);
      return;
    }
    state = State.of(names, settings);
    for (Resolver each : List.of(now.upstreams(), now.clusterUpstreams())) {
      each.retire();
      pastFailures.add(each.failures());
    }
  }

  Settings settings() {
    return state.settings();
  }

  int services() {
    return state.names().size();
  }

  int cached() {
    return state.cached();
  }

  long upstreamFailures() {
    State now = state;
    return pastFailures.sum() + now.upstreams().failures() + now.clusterUpstreams().failures();
  }

  @Override
  public Object generation() {
    return state.names();
  }

  @Override
  public @Nullable Known known(Question question) {
    State now = state;
    if (now.clusterUpstreams().isEmpty()) {
      Optional<Answer> own = now.names().answer(question);
      if (own.isPresent()) {
        return new Known(own.get(), Origin.CLUSTER, new Validity.Generation(now.names()));
      }
    }
    return switch (now.held(question)) {
      case Held.Fresh(Known known, boolean renew) -> {
        if (renew) {
          now.resolver(question).renew(question);
        }
        yield known;
      }
      case Held.Stale(Known known, boolean tried) -> tried ? known : null;
      case Held.Nothing() -> null;
    };
  }

  @Override
  public Known find(Question question) {
    State now = state;
    Held held = now.held(question);
    if (held instanceof Held.Fresh(Known known, boolean renew)) {
      return known;
    }
    Known stale = held instanceof Held.Stale(Known known, boolean tried) ? known : null;
    Known failure = Known.once(Answer.failure(Rcode.SERVFAIL), Origin.NOBODY);
    Resolver resolver = now.resolver(question);
    if (resolver.isEmpty()) {
      return stale == null ? failure : stale;
    }
    CompletableFuture<Answer> asked = resolver.ask(question);
    try {
      long millis = stale == null ? ALTOGETHER : STALE_AFTER;
      Answer answer = asked.get(millis, TimeUnit.MILLISECONDS);
      boolean failed = answer.rcode() != Rcode.NOERROR && answer.rcode() != Rcode.NXDOMAIN;
      return failed && stale != null ? stale : Known.once(answer, Origin.UPSTREAM);
    } catch (ExecutionException | TimeoutException nobody) {
      return stale == null ? failure : stale;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return failure;
    }
  }

  @Override
  public void close() {
    State now = state;
    now.upstreams().close();
    now.clusterUpstreams().close();
  }
}
