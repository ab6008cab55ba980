package io.naru.cli.command;

import picocli.CommandLine.Command;

/** {@code naru lab …}: a cluster on this machine. */
@Command(
    name = "lab",
    description = "A cluster on this machine: nodes, pods, and the cloud between them.",
    subcommands = {
      LabUp.class,
      LabDown.class,
      LabStatusCommand.class,
      LabPod.class,
      LabExec.class,
      LabStart.class,
      LabFaultCommands.Break.class,
      LabFaultCommands.Heal.class,
      LabFaultCommands.Faults.class
    })
final class LabCommand extends Group {}
