package io.naru.cli.command;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.Documents;
import io.naru.cli.output.Listing;
import io.naru.core.diagnosis.Explanation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/json.md says of every list what the program prints: each field, its type, and no other. */
class JsonDocumentTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern FIELD =
      Pattern.compile("^\\| `(?<name>[^`]+)` \\| (?<type>[^|]+) \\|.*", Pattern.MULTILINE);
  private static final Pattern EXAMPLE =
      Pattern.compile("```json\\n(?<text>.*?)```", Pattern.DOTALL);
  private static final Pattern OPTIONAL = Pattern.compile(", optional$");

  /** A list's name in the document, and one of its elements with every field. */
  record Shape(String command, Object sample) {
    @Override
    public String toString() {
      return command;
    }
  }

  static List<Shape> shapes() {
    return List.of(
        new Shape("naru status", Samples.status()),
        new Shape("naru node list", Samples.node()),
        new Shape("naru path list", Samples.path()),
        new Shape("naru tunnel list", Samples.tunnel()),
        new Shape("naru pod list", Samples.pod()),
        new Shape("naru service list", Samples.service()),
        new Shape("naru lab status", Samples.lab()),
        new Shape("naru lab faults", Samples.fault()),
        new Shape("naru doctor", Samples.report()),
        new Shape("naru history", Samples.history()),
        new Shape("naru trace", Samples.trace()),
        new Shape("naru collect", LookSample.look()),
        new Shape("naru compare", FileSamples.compared()),
        new Shape("naru audit", List.of(FileSamples.audit())),
        new Shape("naru explain", ExplainCommand.Row.of(Explanation.all().getFirst())));
  }

  private static Map<String, String> sections() {
    Map<String, String> sections = new LinkedHashMap<>();
    Arrays.stream(Documents.read("docs/json.md").split("\n## ", -1))
        .skip(1)
        .forEach(
            section -> {
              int end = section.indexOf('\n');
              sections.put(section.substring(0, end).strip(), section.substring(end));
            });
    return sections;
  }

  /** The documented fields and their types. */
  private static Map<String, String> documented(String section) {
    Map<String, String> fields = new TreeMap<>();
    Matcher matcher = FIELD.matcher(section);
    while (matcher.find()) {
      assertThat(fields.put(matcher.group("name"), matcher.group("type").strip()))
          .as("'%s' is documented once", matcher.group("name"))
          .isNull();
    }
    return fields;
  }

  private static Map<String, String> withoutOptional(Map<String, String> fields) {
    Map<String, String> types = new TreeMap<>(fields);
    types.replaceAll(
        (name, type) -> OPTIONAL.matcher(type).replaceFirst("").replace("time", "string"));
    return types;
  }

  /**
   * The fields of a value and their types: {@code a.b} within an object, {@code a[].b} in a list.
   */
  private static Map<String, String> fields(JsonNode value) {
    Map<String, String> fields = new TreeMap<>();
    collect("", value, fields);
    return fields;
  }

  private static void collect(String name, JsonNode value, Map<String, String> fields) {
    if (name.equals("report")) {
      fields.put(name, "as naru doctor prints it");
    } else if (name.endsWith(".tally")) {
      fields.put(name, "tally");
    } else if (value.isObject()) {
      String prefix = name.isEmpty() ? "" : name + ".";
      value
          .properties()
          .forEach(field -> collect(prefix + field.getKey(), field.getValue(), fields));
    } else if (value.isArray() && value.path(0).isObject()) {
      value.forEach(element -> collect(name + "[]", element, fields));
    } else {
      fields.put(name, type(value));
    }
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      case ARRAY -> {
        if (value.path(0).isNumber()) {
          value.forEach(element -> assertThat(element.isNumber()).isTrue());
          yield "list of numbers";
        }
        value.forEach(element -> assertThat(element.isString()).isTrue());
        yield "list of strings";
      }
      case NULL, MISSING, OBJECT, BINARY, POJO -> value.getNodeType().toString();
    };
  }

  @Test
  void everyListIsDocumented() {
    assertThat(sections().keySet())
        .containsExactlyElementsOf(shapes().stream().map(Shape::command).toList());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theFieldsAreTheDocumentedOnes(Shape shape) {
    JsonNode printed = JSON.readTree(Listing.json(shape.sample()));
    assertThat(fields(printed.isArray() ? printed.path(0) : printed))
        .isEqualTo(withoutOptional(documented(sections().get(shape.command()))));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theExampleIsOfThatShape(Shape shape) {
    String section = sections().get(shape.command());
    Matcher matcher = EXAMPLE.matcher(section);
    assertThat(matcher.find()).isTrue();
    JsonNode example = JSON.readTree(matcher.group("text"));
    Map<String, String> shown = fields(example.isArray() ? example.path(0) : example);
    Map<String, String> documented = documented(section);
    assertThat(withoutOptional(documented)).containsAllEntriesOf(shown);
    assertThat(shown.keySet())
        .containsAll(
            documented.entrySet().stream()
                .filter(field -> !field.getValue().endsWith("optional"))
                .map(Map.Entry::getKey)
                .collect(toCollection(TreeSet::new)));
  }
}
