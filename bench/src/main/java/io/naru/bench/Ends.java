package io.naru.bench;

/**
 * Two network namespaces between which is measured.
 *
 * @param client the namespace that begins
 * @param server the one that answers
 * @param address of the server
 */
record Ends(String client, String server, String address) {}
