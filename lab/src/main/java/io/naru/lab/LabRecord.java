package io.naru.lab;

import io.naru.lab.topology.LabSpec;

/**
 * What is written down before anything of a lab is made.
 *
 * @param id random; in the environment of every process of the lab
 * @param spec what the lab is
 * @param programs what runs in it
 */
record LabRecord(String id, LabSpec spec, LabPrograms programs) {
  /** An environment variable by which the lab's processes are found wherever they are. */
  static final String VARIABLE = "NARU_LAB_ID";

  /** As {@code NAME=VALUE}. */
  String marker() {
    return VARIABLE + "=" + id;
  }
}
