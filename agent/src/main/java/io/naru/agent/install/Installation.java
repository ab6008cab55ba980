package io.naru.agent.install;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What is to be installed.
 *
 * @param launcher {@code bin/naru} of the program that runs from then on, an absolute path
 * @param plugin the CNI program to copy
 * @param server whether this host runs the cluster's store
 * @param cni whether container runtimes are to find the plugin and its configuration
 * @param agentArguments options of {@code naru agent}
 * @param serverArguments options of {@code naru server}
 */
public record Installation(
    Path launcher,
    Path plugin,
    boolean server,
    boolean cni,
    List<String> agentArguments,
    List<String> serverArguments) {
  /** The unit of the cluster's store. */
  public static final String SERVER_UNIT = ServiceUnits.SERVER;

  static final String CONFIGURATION_LIST = "/etc/cni/net.d/10-naru.conflist";
  static final String PLUGIN = "/opt/cni/bin/naru-cni";

  private static final String NETWORK_MANAGER_HOME = "/etc/NetworkManager";
  private static final String SYSTEMD_HOME = "/etc/systemd";
  private static final String UNITS_HOME = "/etc/systemd/system";

  public Installation {
    agentArguments = List.copyOf(agentArguments);
    serverArguments = List.copyOf(serverArguments);
  }

  /**
   * The files for this host: for software that is not there, none.
   *
   * @param present whether the host has a directory of that path
   */
  public List<HostFile> files(Predicate<String> present) {
    List<HostFile> files = new ArrayList<>();
    if (present.test(NETWORK_MANAGER_HOME)) {
      files.add(DeviceExemptions.networkManager());
    }
    if (present.test(SYSTEMD_HOME)) {
      files.add(DeviceExemptions.network());
      files.add(DeviceExemptions.link());
      files.add(DeviceExemptions.networkd());
    }
    if (present.test(UNITS_HOME)) {
      files.add(ServiceUnits.agent(launcher, agentArguments));
      if (server) {
        files.add(ServiceUnits.server(launcher, serverArguments));
      }
    }
    if (cni) {
      files.add(new HostFile.Program(PLUGIN, plugin));
      files.add(
          new HostFile.Text(
              CONFIGURATION_LIST,
              """
              {"cniVersion": "1.0.0", "name": "naru", "plugins": [{"type": "naru-cni"}]}
              """));
    }
    return List.copyOf(files);
  }
}
