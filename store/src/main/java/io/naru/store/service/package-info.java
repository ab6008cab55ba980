/** A store over connections: the server's side, the client's side, and joining the cluster. */
@NullMarked
package io.naru.store.service;

import org.jspecify.annotations.NullMarked;
