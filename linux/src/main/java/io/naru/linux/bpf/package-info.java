/** Extended BPF by bpf(2): what is attached to an interface, and programs of our own. */
@NullMarked
package io.naru.linux.bpf;

import org.jspecify.annotations.NullMarked;
