package io.naru.doctor.audit;

import io.naru.channel.frame.Json;
import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads what {@code aws ec2 describe-security-groups} prints as JSON (EC2 API, SecurityGroup). */
public final class SecurityGroupParser {
  /** Ids become part of commands: nothing a shell would understand. */
  private static final Pattern ID = Pattern.compile("sg-[0-9A-Za-z-]{1,64}");

  private SecurityGroupParser() {}

  /**
   * The groups.
   *
   * @param name of the file, for sentences
   * @throws NaruException MALFORMED where it is not such JSON
   */
  public static List<SecurityGroup> parse(String json, String name) {
    JsonNode tree;
    try {
      tree = Json.mapper().readTree(json);
    } catch (JacksonException e) {
      throw malformed(name, "it is not JSON: " + e.getOriginalMessage());
    }
    JsonNode list = tree.path("SecurityGroups");
    if (!list.isArray()) {
      throw malformed(
          name,
          "it has no list SecurityGroups; make it with: aws ec2 describe-security-groups --output"
              + " json");
    }
    List<SecurityGroup> groups = new ArrayList<>();
    for (JsonNode group : list) {
      groups.add(group(group, name));
    }
    return List.copyOf(groups);
  }

  private static NaruException malformed(String name, String what) {
    return new NaruException(ErrorCode.MALFORMED, name + " is no list of security groups: " + what);
  }

  private static SecurityGroup group(JsonNode tree, String name) {
    String id = id(tree.path("GroupId").asString(""), name);
    return new SecurityGroup(
        id,
        printable(tree.path("GroupName").asString("")),
        printable(tree.path("VpcId").asString("")),
        permissions(tree.path("IpPermissions"), id, name),
        tree.path("IpPermissionsEgress").isArray()
            ? Optional.of(permissions(tree.path("IpPermissionsEgress"), id, name))
            : Optional.empty());
  }

  private static String id(String text, String name) {
    if (!ID.matcher(text).matches()) {
      throw malformed(name, "'" + printable(text) + "' is not the id of a group, like sg-0123abcd");
    }
    return text;
  }

  /** Names are for people; nothing in them moves a terminal's cursor. */
  private static String printable(String text) {
    String clean = text.replaceAll("\\p{C}", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "…" : clean;
  }

  private static List<SecurityGroup.Permission> permissions(
      JsonNode list, String group, String name) {
    List<SecurityGroup.Permission> permissions = new ArrayList<>();
    for (JsonNode each : list) {
      int protocol = protocol(each.path("IpProtocol").asString("-1"), group, name);
      Set<String> groups = new LinkedHashSet<>();
      for (JsonNode pair : each.path("UserIdGroupPairs")) {
        groups.add(id(pair.path("GroupId").asString(""), name));
      }
      List<Prefix> blocks = new ArrayList<>();
      for (JsonNode range : each.path("IpRanges")) {
        blocks.add(block(range.path("CidrIp").asString(""), group, name));
      }
      for (JsonNode range : each.path("Ipv6Ranges")) {
        blocks.add(block(range.path("CidrIpv6").asString(""), group, name));
      }
      List<String> lists = new ArrayList<>();
      for (JsonNode prefixes : each.path("PrefixListIds")) {
        lists.add(printable(prefixes.path("PrefixListId").asString("")));
      }
      permissions.add(
          new SecurityGroup.Permission(
              protocol, port(each, "FromPort"), port(each, "ToPort"), groups, blocks, lists));
    }
    return permissions;
  }

  private static int port(JsonNode permission, String key) {
    JsonNode port = permission.path(key);
    return port.isInt() ? port.intValue() : -1;
  }

  private static int protocol(String text, String group, String name) {
    return switch (text) {
      case "tcp" -> 6;
      case "udp" -> 17;
      case "icmp" -> 1;
      case "icmpv6" -> 58;
      default -> {
        try {
          int number = Integer.parseInt(text);
          if (number >= -1 && number <= 255) {
            yield number;
          }
        } catch (NumberFormatException notANumber) {
          // said below
        }
        throw malformed(name, group + " has a rule for the protocol '" + printable(text) + "'");
      }
    };
  }

  private static Prefix block(String text, String group, String name) {
    try {
      InterfaceAddress parts = InterfaceAddress.parse(text);
      return Prefix.around(parts.address(), parts.prefixLength());
    } catch (NaruException e) {
      throw malformed(name, group + " has a rule for '" + printable(text) + "'");
    }
  }
}
