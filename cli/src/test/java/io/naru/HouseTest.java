package io.naru;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the house: which room may use which, and what none may do. */
class HouseTest {
  /** Each room, and the rooms beneath it that it may use. */
  private static final Map<String, Set<String>> FLOORS =
      Map.ofEntries(
          entry("core", Set.of()),
          entry("linux", Set.of("core")),
          entry("observe", Set.of("core", "linux")),
          entry("channel", Set.of("core")),
          entry("store", Set.of("core", "channel")),
          entry("api", Set.of("core", "channel")),
          entry("dns", Set.of("core")),
          entry("agent", Set.of("core", "linux", "observe", "channel", "store", "api", "dns")),
          entry("doctor", Set.of("core", "linux", "observe", "channel", "api")),
          entry("lab", Set.of("core")),
          entry(
              "cli",
              Set.of(
                  "core", "linux", "observe", "channel", "store", "api", "dns", "agent", "doctor",
                  "lab")));

  /** Calls that make a decision depend on the moment or the machine. */
  private static final Set<String> IMPURE =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.Math.random",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now");

  private static JavaClasses house;

  @BeforeAll
  static void readTheHouse() {
    house =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.naru");
    Set<String> rooms = new TreeSet<>();
    house.forEach(type -> rooms.add(room(type)));
    assertThat(rooms).as("rooms on the class path").isEqualTo(new TreeSet<>(FLOORS.keySet()));
  }

  private static String room(JavaClass type) {
    return type.getPackageName().split("\\.")[2];
  }

  private static String simpleName(JavaCall<?> call) {
    return call.getTargetOwner().getFullName() + "." + call.getName();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "core", "linux", "observe", "channel", "store", "api", "dns", "agent", "doctor", "lab",
        "cli"
      })
  void aRoomUsesOnlyTheRoomsBeneathIt(String room) {
    String[] forbidden =
        FLOORS.keySet().stream()
            .filter(other -> !other.equals(room) && !FLOORS.get(room).contains(other))
            .map(other -> "io.naru." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("io.naru." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(true)
        .check(house);
  }

  @Test
  void theCoreNeedsNothingButTheJdk() {
    noClasses()
        .that()
        .resideInAPackage("io.naru.core..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("io.naru.core..", "java..", "org.jspecify.annotations")
        .check(house);
  }

  @Test
  void theCoreDoesNoInputOrOutputAndStartsNoThread() {
    Set<String> allowed =
        Set.of(
            "java.io.Serializable",
            "java.net.InetAddress",
            "java.net.Inet4Address",
            "java.net.Inet6Address",
            "java.net.UnknownHostException");
    noClasses()
        .that()
        .resideInAPackage("io.naru.core..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.io..",
                    "java.net..",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.util.concurrent..",
                    "java.util.logging..")
                .and(describe("are not values", type -> !allowed.contains(type.getFullName())))
                .or(
                    describe(
                        "are threads, processes or random numbers",
                        type ->
                            Set.of(
                                    "java.lang.Thread",
                                    "java.lang.ProcessBuilder",
                                    "java.lang.Runtime",
                                    "java.util.Random",
                                    "java.security.SecureRandom")
                                .contains(type.getFullName()))))
        .check(house);
  }

  @Test
  void theCoreHasNoClockOfItsOwn() {
    noClasses()
        .that()
        .resideInAPackage("io.naru.core..")
        .should()
        .callMethodWhere(
            describe("reads a clock or the machine", call -> IMPURE.contains(simpleName(call))))
        .orShould()
        .dependOnClassesThat(
            describe(
                "are clocks",
                type ->
                    Set.of("java.time.Clock", "java.time.InstantSource")
                        .contains(type.getFullName())))
        .check(house);
  }

  @Test
  void onlyTheLinuxRoomLeavesJava() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.naru.linux..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(house);
  }

  @Test
  void packagesOfARoomDoNotDependOnEachOtherInCircles() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getPackageName());
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .should()
        .beFreeOfCycles()
        // The demo types the program's own commands, and is started by one of them.
        .ignoreDependency(
            name("io.naru.cli.command.DemoCommand"), resideInAPackage("io.naru.cli.demo"))
        .check(house);
  }

  @Test
  void noClassIsNamedAfterNothing() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(house);
  }

  @Test
  void onlyTheProgramEndsTheProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.naru.cli..")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(house);
  }

  @Test
  void everyPackageSaysThatNothingIsNullUnlessItSaysSo() {
    Set<String> silent = new TreeSet<>();
    Set<JavaPackage> packages = new java.util.HashSet<>();
    house.forEach(type -> packages.add(type.getPackage()));
    for (JavaPackage each : packages) {
      if (!each.isAnnotatedWith(NullMarked.class)) {
        silent.add(each.getName());
      }
    }
    assertThat(silent).as("packages without @NullMarked in package-info").isEmpty();
  }

  /**
   * Every failure that can reach a person is a NaruException. What else is thrown is a caller's
   * mistake (illegal argument or state), a usage error that the command line explains, or a checked
   * exception, which its method declares and its caller turns into a sentence.
   */
  @Test
  void whatIsThrownHasACodeAndASentence() {
    Set<String> mistakes =
        Set.of(
            "java.lang.IllegalArgumentException",
            "java.lang.IllegalStateException",
            "picocli.CommandLine$ParameterException",
            "picocli.CommandLine$TypeConversionException",
            // Made by the compiler for a pattern switch without default.
            "java.lang.MatchException",
            // An assertion, which holds in tests alone.
            "java.lang.AssertionError");
    Map<String, List<String>> strange = new TreeMap<>();
    for (JavaClass type : house) {
      for (JavaConstructorCall call : type.getConstructorCallsFromSelf()) {
        JavaClass made = call.getTargetOwner();
        boolean fromASubclass = call.getOriginOwner().isAssignableTo(made.getName());
        if (isUnchecked(made)
            && !fromASubclass
            && !made.isAssignableTo(NaruException.class)
            && !mistakes.contains(made.getName())) {
          strange
              .computeIfAbsent(made.getName(), name -> new ArrayList<>())
              .add(call.getSourceCodeLocation().toString());
        }
      }
    }
    assertThat(strange).isEmpty();
  }

  private static boolean isUnchecked(JavaClass type) {
    return type.isAssignableTo(RuntimeException.class) || type.isAssignableTo(Error.class);
  }
}
