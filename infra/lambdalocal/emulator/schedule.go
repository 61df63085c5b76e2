package emulator

import (
	"context"
	"log/slog"
	"time"
)

// Schedule invokes a function with the same payload again and again until ctx ends, as an
// EventBridge rule with a rate does. What fails is not tried again: the next comes.
func Schedule(ctx context.Context, f *Function, every time.Duration, payload []byte, log *slog.Logger) {
	for wait(ctx, every) {
		if _, err := f.Call(ctx, payload); err != nil && ctx.Err() == nil {
			log.Warn("a scheduled invocation failed", "function", f.cfg.Name, "error", err)
		}
	}
}
