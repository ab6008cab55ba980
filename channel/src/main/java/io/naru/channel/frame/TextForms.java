package io.naru.channel.frame;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import io.naru.core.service.BackendState;
import io.naru.core.service.Protocol;
import io.naru.core.service.ServiceName;
import io.naru.core.service.TrafficPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/** Values that are written as the text people read, also where they are keys of an object. */
final class TextForms {
  private TextForms() {}

  static SimpleModule module() {
    SimpleModule module = new SimpleModule("naru");
    text(module, IpAddress.class, IpAddress::parse);
    text(module, Prefix.class, Prefix::parse);
    text(module, InterfaceAddress.class, InterfaceAddress::parse);
    text(module, MacAddress.class, MacAddress::parse);
    text(module, NodeName.class, NodeName::new);
    text(module, ServiceName.class, ServiceName::parse);
    text(module, Protocol.class, Protocol::parse);
    choice(module, BackendState.class);
    choice(module, TrafficPolicy.class);
    choice(module, Transport.class);
    choice(module, PathState.class);
    choice(module, TransportPolicy.class);
    choice(module, IpFamily.class);
    return module;
  }

  private static <T extends Enum<T>> void choice(SimpleModule module, Class<T> type) {
    List<T> constants = Arrays.asList(type.getEnumConstants());
    text(
        module,
        type,
        text ->
            constants.stream()
                .filter(constant -> constant.toString().equals(text))
                .findFirst()
                .orElseThrow(
                    () ->
                        new NaruException(
                            ErrorCode.BAD_INPUT, "'" + text + "' is not one of " + constants)));
  }

  private static <T> void text(SimpleModule module, Class<T> type, Function<String, T> parse) {
    module.addSerializer(
        type,
        new ValueSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(value.toString());
          }
        });
    module.addKeySerializer(
        type,
        new ValueSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator generator, SerializationContext context) {
            generator.writeName(value.toString());
          }
        });
    module.addDeserializer(
        type,
        new ValueDeserializer<T>() {
          @Override
          public T deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
              throw new NaruException(
                  ErrorCode.BAD_INPUT, "a " + type.getSimpleName() + " must be a string");
            }
            return parse.apply(parser.getString());
          }
        });
    module.addKeyDeserializer(
        type,
        new KeyDeserializer() {
          @Override
          public Object deserializeKey(String key, DeserializationContext context) {
            return parse.apply(key);
          }
        });
  }
}
