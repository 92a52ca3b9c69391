interface Following {
  readonly followers: Set<AbortController>;
  readonly onAbort: () => void;
}

/** What is to be aborted when a signal is, by one listener for all: node warns of a signal that many listen to. */
export class Followers {
  readonly #bySignal = new Map<AbortSignal, Following>();

  /** Aborts `follower` when `signal` is aborted from now on, until the returned function is called. */
  add(signal: AbortSignal, follower: AbortController): () => void {
    const following = this.#bySignal.get(signal) ?? this.#listenTo(signal);
    following.followers.add(follower);
    return () => {
      following.followers.delete(follower);
      if (following.followers.size > 0) return;
      signal.removeEventListener("abort", following.onAbort);
      this.#bySignal.delete(signal);
    };
  }

  #listenTo(signal: AbortSignal): Following {
    const followers = new Set<AbortController>();
    const onAbort = () => {
      for (const follower of followers) follower.abort();
    };
    const following = { followers, onAbort };
    signal.addEventListener("abort", onAbort);
    this.#bySignal.set(signal, following);
    return following;
  }
}
