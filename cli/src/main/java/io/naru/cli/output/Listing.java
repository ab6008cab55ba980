package io.naru.cli.output;

import io.naru.channel.frame.Json;
import io.naru.core.text.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Prints rows in the format the user chose. */
public final class Listing {
  private Listing() {}

  /**
   * Prints.
   *
   * @param value what JSON and YAML show
   * @param table what a table shows; asked only where a table is wanted
   */
  public static void print(
      PrintWriter out, Format format, Object value, Function<Boolean, Table> table) {
    List<String> lines =
        switch (format) {
          case TABLE -> table.apply(false).lines(Table.WIDTH);
          case WIDE -> table.apply(true).lines(Integer.MAX_VALUE);
          case JSON, YAML -> List.of();
        };
    print(out, format, value, lines);
  }

  /**
   * Prints.
   *
   * @param value what JSON and YAML show
   * @param lines what people read in place of a table
   */
  public static void print(PrintWriter out, Format format, Object value, List<String> lines) {
    switch (format) {
      case TABLE, WIDE -> lines.stream().map(Printable::coloured).forEach(out::println);
      case JSON -> out.println(json(value));
      case YAML -> out.print(yaml(value));
    }
    out.flush();
  }

  /** Indented JSON. */
  public static String json(Object value) {
    JsonMapper mapper = Json.mapper().rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();
    try {
      return mapper.writeValueAsString(Json.tree(value));
    } catch (JacksonException impossible) {
      throw new IllegalStateException("a list is always JSON", impossible);
    }
  }

  private static String yaml(Object value) {
    return YAMLMapper.builder().build().writeValueAsString(Json.tree(value));
  }

  /** Texts with commas between. */
  public static String joined(List<String> texts) {
    return String.join(", ", texts);
  }
}
