"""What a person says, as words with their times: recognisers, a policy that makes them live, voice commands."""
