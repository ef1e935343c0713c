"""The four-term loss in torch, which differentiates it by itself.

``python four_term_loss_torch.py`` trains for a few steps.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

norm = torch.linalg.matrix_norm  # Frobenius, unless told otherwise


def four_term_loss(
    x: Tensor, hidden: Tensor, second: Tensor, output: Tensor, w1: Tensor, lam: float
) -> Tensor:
    """‖λ cov(H) − I‖_F + ‖H/4 + λ‖W₁W₁ᵀ − I‖_F‖_F + ‖λ cov(Q) − I‖_F + MSE(input, output)."""

    def whiteness(h: Tensor) -> Tensor:
        # torch.cov wants the features in rows.
        return norm(lam * torch.cov(h.T) - torch.eye(h.shape[1], dtype=h.dtype))

    r = norm(w1 @ w1.T - torch.eye(len(w1), dtype=w1.dtype))
    return (
        whiteness(hidden)
        + norm(hidden / 4 + lam * r)
        + whiteness(second)
        + nn.functional.mse_loss(output, x)
    )


class Autoencoder(nn.Module):
    """Two tanh layers and a linear one; returns H, Q and the output."""

    def __init__(self, inputs: int, first: int, second: int) -> None:
        """Layers of these widths."""
        super().__init__()
        self.first = nn.Linear(inputs, first)
        self.second = nn.Linear(first, second)
        self.third = nn.Linear(second, inputs)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, D) to (N, h), (N, q) and (N, D)."""
        hidden = torch.tanh(self.first(x))
        second = torch.tanh(self.second(hidden))
        return hidden, second, self.third(second)


def train(model: Autoencoder, x: Tensor, lam: float, *, steps: int, rate: float) -> list[float]:
    """Plain gradient descent: the loss before each step."""
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        hidden, second, output = model(x)
        loss = four_term_loss(x, hidden, second, output, model.first.weight, lam)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


if __name__ == "__main__":
    torch.manual_seed(1)
    history = train(Autoencoder(6, 4, 3), torch.randn(32, 6), 1.0, steps=50, rate=0.02)
    print(f"loss {history[0]:.3f} → {history[-1]:.3f}")
