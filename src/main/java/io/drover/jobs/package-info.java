/**
 * The dispatcher: worker Jobs for workflows with {@code worker: job}, in Kubernetes.
 *
 * <p>The route {@code jobs} is a file of {@code kustomize/components/worker-jobs}.
 * It runs on the one dispatcher that holds the lease, reads what is due and which Jobs exist, and creates missing Jobs.
 * The dispatcher keeps no state: if it dies, the tasks stay in PostgreSQL and the Jobs in Kubernetes.
 */
@org.jspecify.annotations.NullMarked
package io.drover.jobs;
