/** A cluster on one machine: nodes, pods, the cloud between them, and faults on demand. */
@NullMarked
package io.naru.lab;

import org.jspecify.annotations.NullMarked;
