package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.api.ServiceRow;
import io.naru.api.trace.TraceWish;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.judge.ServiceCase;
import io.naru.core.diagnosis.judge.ServiceCase.Frontend;
import io.naru.core.diagnosis.judge.ServiceCase.Target;
import io.naru.core.diagnosis.judge.ServiceCase.Trial;
import io.naru.core.diagnosis.judge.ServiceReport;
import io.naru.core.error.NaruException;
import io.naru.core.trace.ProbeKind;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the doctor was asked about: a service, and who asks it. */
final class ServiceExamination {
  /** An agent takes part in so many traces at a time. */
  private static final int AT_ONCE = 4;

  /** More would take longer than the rest of the examination. */
  private static final int MOST_TRIALS = 20;

  private static final int MOST_PLAIN = 4;

  private final AgentSource source;
  private final List<Asker> askers;
  private List<List<ServiceRow>> views;
  private final boolean ofAll;

  /** A pod or node, and the node that it is on or is. */
  private record Asker(String name, String node) {}

  private record Question(Asker from, String address, String probe, int port) {}

  private ServiceExamination(
      AgentSource source, List<Asker> askers, List<List<ServiceRow>> views, boolean ofAll) {
    this.source = source;
    this.askers = askers;
    this.views = views;
    this.ofAll = ofAll;
  }

  /**
   * Finds the service and who asks.
   *
   * @param from a pod or node; empty for this node, or all of a lab
   * @throws NaruException NOT_FOUND, BAD_INPUT where no service, or no one alone, has that name
   */
  static ServiceExamination of(AgentSource source, String service, Optional<String> from) {
    Optional<TraceEnd> end = from.map(name -> Tracing.place(source, name));
    List<List<ServiceRow>> views = views(source, service);
    List<Asker> askers =
        views.stream()
            .map(view -> view.getFirst().observer())
            .map(node -> new Asker(node, node))
            .toList();
    List<Asker> chosen =
        end.map(
                asker ->
                    List.of(
                        new Asker(
                            from.orElseThrow(),
                            asker.node().map(Object::toString).orElse(from.orElseThrow()))))
            .orElse(askers);
    return new ServiceExamination(source, chosen, views, from.isEmpty());
  }

  /** The service's frontends as each agent sees them that can be asked and knows it. */
  private static List<List<ServiceRow>> views(AgentSource source, String service) {
    List<List<ServiceRow>> views = new ArrayList<>();
    Optional<NaruException> silent = Optional.empty();
    for (AgentClient client : source.agents()) {
      try {
        views.add(ServiceOption.named(service, client.services()));
      } catch (NaruException failed) {
        silent = Optional.of(failed);
      }
    }
    if (views.isEmpty()) {
      throw silent.orElseThrow();
    }
    return List.copyOf(views);
  }

  /** Where connections go changes with the paths, of which the examination knows the newest. */
  private void lookAgain() {
    try {
      views = views(source, views.getFirst().getFirst().name());
    } catch (NaruException gone) {
      // Then what was seen before is the best there is.
    }
  }

  /** The examination of the cluster, and the service tried meanwhile. */
  DoctorReport with(Supplier<DoctorReport> examination) {
    List<Question> questions = questions();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, Future<Optional<TraceEnd>>> places = new LinkedHashMap<>();
      questions.forEach(
          question ->
              places.computeIfAbsent(
                  question.address(), address -> threads.submit(() -> place(address))));
      Semaphore room = new Semaphore(AT_ONCE);
      List<Future<Trial>> trials =
          questions.stream()
              .limit(MOST_TRIALS)
              .map(question -> threads.submit(() -> tried(question, room)))
              .toList();
      DoctorReport whole = examination.get();
      lookAgain();
      DoctorReport report =
          ofAll ? whole : whole.about(Optional.of(askers.getFirst().node()), Optional.empty());
      List<Trial> made = new ArrayList<>();
      for (int i = 0; i < questions.size(); i++) {
        made.add(i < trials.size() ? Answers.of(trials.get(i)) : untried(questions.get(i)));
      }
      Set<String> dead = new LinkedHashSet<>();
      places.forEach(
          (address, place) -> {
            if (Answers.of(place).filter(end -> isNobody(address, end)).isPresent()) {
              dead.add(address);
            }
          });
      ServiceCase found = found(dead, made);
      List<Trial> unclear = found.needingPlain(report).stream().limit(MOST_PLAIN).toList();
      if (!unclear.isEmpty()) {
        Map<Trial, Future<Trial>> plain = new LinkedHashMap<>();
        unclear.forEach(trial -> plain.put(trial, threads.submit(() -> withPlain(trial, room))));
        made.replaceAll(trial -> plain.containsKey(trial) ? Answers.of(plain.get(trial)) : trial);
        found = found(dead, made);
      }
      return ServiceReport.with(report, found);
    }
  }

  /** Each backend's port by each who asks; first each once, by another one each. */
  private List<Question> questions() {
    Set<Question> all = new LinkedHashSet<>();
    for (int turn = 0; turn < askers.size(); turn++) {
      int i = turn;
      for (ServiceRow row : views.getFirst()) {
        for (ServiceRow.Target target : row.backends()) {
          all.add(
              new Question(
                  askers.get(i++ % askers.size()),
                  target.address(),
                  row.protocol().orElse("echo"),
                  target.port().orElse(0)));
        }
      }
    }
    return List.copyOf(all);
  }

  private Trial tried(Question question, Semaphore room) throws InterruptedException {
    try {
      return trial(question, Optional.of(trace(question, room)), Optional.empty());
    } catch (NaruException cannot) {
      return trial(question, Optional.empty(), Optional.of(cannot.sentence()));
    }
  }

  private Trial withPlain(Trial trial, Semaphore room) throws InterruptedException {
    try {
      Asker from = new Asker(trial.from(), trial.fromNode());
      return trial.withPlain(trace(new Question(from, trial.address(), "echo", 0), room));
    } catch (NaruException cannot) {
      return trial;
    }
  }

  private TraceReport trace(Question question, Semaphore room) throws InterruptedException {
    ProbeKind kind =
        switch (question.probe()) {
          case "tcp" -> ProbeKind.TCP;
          case "udp" -> ProbeKind.UDP;
          default -> ProbeKind.ECHO;
        };
    room.acquire();
    try {
      return Tracing.run(
          source,
          new TraceWish(
              question.from().name(), question.address(), kind, question.port(), 0, false));
    } finally {
      room.release();
    }
  }

  private static Trial untried(Question question) {
    return trial(question, Optional.empty(), Optional.empty());
  }

  private static Trial trial(
      Question question, Optional<TraceReport> trace, Optional<String> failure) {
    return new Trial(
        question.from().name(),
        question.from().node(),
        question.address(),
        question.probe(),
        question.port(),
        trace,
        Optional.empty(),
        failure);
  }

  private Optional<TraceEnd> place(String address) {
    try {
      return Optional.of(Tracing.place(source, address));
    } catch (NaruException unknown) {
      return Optional.empty();
    }
  }

  /** A pod has a name of its own; where an agent knows none, it says the address. */
  private static boolean isNobody(String address, TraceEnd end) {
    return end.isPod() && end.name().equals(address);
  }

  private ServiceCase found(Set<String> dead, List<Trial> trials) {
    List<Frontend> frontends = new ArrayList<>();
    for (int i = 0; i < views.getFirst().size(); i++) {
      ServiceRow row = views.getFirst().get(i);
      frontends.add(
          new Frontend(
              row.address(),
              row.port(),
              row.protocol(),
              row.backends().stream().map(target -> target(row, target, dead)).toList()));
    }
    return new ServiceCase(
        views.getFirst().getFirst().name(),
        views.stream().map(view -> view.getFirst().observer()).toList(),
        frontends,
        trials);
  }

  private Target target(ServiceRow row, ServiceRow.Target target, Set<String> dead) {
    Function<ServiceRow, Boolean> isSame =
        other ->
            other.address().equals(row.address())
                && other.port().equals(row.port())
                && other.protocol().equals(row.protocol());
    return new Target(
        target.address(),
        target.port(),
        target.node(),
        target.state(),
        dead.contains(target.address()),
        views.stream()
            .flatMap(List::stream)
            .filter(isSame::apply)
            .filter(
                other ->
                    other.backends().stream()
                        .anyMatch(same -> same.address().equals(target.address()) && same.chosen()))
            .map(ServiceRow::observer)
            .toList());
  }
}
