package io.naru.dns;

/**
 * What a node's DNS server did since it was opened.
 *
 * @param queries messages that arrived
 * @param clusterAnswers answers about the cluster's own names
 * @param cacheHits answers that an upstream gave before
 * @param staleAnswers the same, after their time: nobody else answered
 * @param misses answers for which an upstream was asked, whether it answered or not
 * @param upstreamFailures times that an upstream did not answer, or with a failure
 * @param refused messages and connections of askers who may not ask; they got no answer
 * @param malformed messages that could not be read
 * @param overloaded questions and connections turned away because there were too many
 * @param unsent answers that could not be sent
 * @param cached answers in the cache now
 * @param connections TCP connections open now
 */
public record Counters(
    long queries,
    long clusterAnswers,
    long cacheHits,
    long staleAnswers,
    long misses,
    long upstreamFailures,
    long refused,
    long malformed,
    long overloaded,
    long unsent,
    int cached,
    int connections) {}
