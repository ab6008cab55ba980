package io.naru.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A test of every file that is kept for its class below {@code src/test/resources/fuzz}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@ArgumentsSource(KeptInputs.OfTheClass.class)
public @interface KeptInputs {
  /** The files' bytes, in order of their names. */
  final class OfTheClass implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) throws IOException {
      Path kept =
          Path.of("src/test/resources/fuzz", context.getRequiredTestClass().getSimpleName());
      try (Stream<Path> files = Files.list(kept)) {
        return files.sorted().toList().stream().map(OfTheClass::named);
      }
    }

    private static Arguments named(Path file) {
      try {
        return Arguments.of(Named.of(file.getFileName().toString(), Files.readAllBytes(file)));
      } catch (IOException gone) {
        throw new UncheckedIOException(gone);
      }
    }
  }
}
